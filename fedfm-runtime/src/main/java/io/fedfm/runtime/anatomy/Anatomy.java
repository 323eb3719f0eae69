package io.fedfm.runtime.anatomy;

import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.Site;
import io.fedfm.runtime.graph.ElementType;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was found in a backbone.
 *
 * @param linears anchors of linear sites
 * @param hiddens anchors of hidden sites
 * @param attentions anchors of attention sites
 * @param embeddings anchors of embedding sites
 * @param positions where positions enter
 * @param backbone the same as a method sees it: all sites in data-flow order, and the weights
 */
public record Anatomy(
        List<Linear> linears,
        List<Hidden> hiddens,
        List<Attention> attentions,
        List<Embedding> embeddings,
        Positions positions,
        Backbone backbone) {

    /**
     * A linear layer in the graph.
     *
     * @param site as a method sees it
     * @param product name of the MatMul or Gemm node
     * @param input the value that is multiplied
     * @param output the value after the bias, if there is one
     * @param weight name of the initializer, or of the constant made from one by other operators
     *     than Transpose
     * @param transposed whether it is [out, in] (a Gemm with transB, or behind a Transpose)
     * @param bias name of the initializer, or ""
     * @param from the first column of the output that belongs to the site (0 but for a part of a
     *     packed projection)
     * @param to the column after the last
     */
    public record Linear(
            Site site,
            String product,
            String input,
            String output,
            String weight,
            boolean transposed,
            String bias,
            long from,
            long to) {}

    /**
     * A hidden state in the graph.
     *
     * @param site as a method sees it
     * @param value the value [batch, length, hidden], or [batch x length, hidden]
     * @param rank its number of axes
     */
    public record Hidden(Site site, String value, int rank) {}

    /**
     * An attention in the graph. The score of a query with a key that is not scaled yet is {@code
     * scale q k^T}, plus what the graph masks.
     *
     * @param site as a method sees it; its widths are those of a head's query and value
     * @param softmax name of the Softmax node
     * @param scores the value that enters the softmax: [batch, heads, queries, keys], or [batch x
     *     heads, queries, keys]
     * @param context the value after the product with V: [batch, heads, queries, size], or [batch x
     *     heads, queries, size]
     * @param query the queries as they enter the product with the keys, of the same axes: rotated,
     *     and scaled where the graph scales them before it
     * @param scale all factors between that product of queries and unscaled keys and the scores;
     *     NaN where the graph's factors are no constants
     * @param heads the number of query heads; 0 where the structure does not tell
     * @param keyValueHeads the number of key and value heads, fewer where heads share them; 0 where
     *     the structure does not tell
     * @param ranks numbers of axes
     * @param obstacle why the score of a further key is not {@code scale q k^T} with a query as it
     *     is here, in words; "" if it is
     */
    public record Attention(
            Site site,
            String softmax,
            String scores,
            String context,
            String query,
            double scale,
            long heads,
            long keyValueHeads,
            Ranks ranks,
            String obstacle) {
        /**
         * Numbers of axes: 4 for [batch, heads, length, size], 3 where batch and heads are one
         * axis.
         *
         * @param query of the queries
         * @param scores of the scores
         * @param context of the context
         */
        public record Ranks(int query, int scores, int context) {}
    }

    /**
     * Word embeddings in the graph.
     *
     * @param site as a method sees it
     * @param gather name of the Gather node
     * @param value the embedded words [batch, length, hidden]
     * @param ids the value of token ids
     * @param table the value [vocabulary, hidden] that is looked up in
     */
    public record Embedding(Site site, String gather, String value, String ids, String table) {}

    /**
     * Where positions enter the forward pass: look-ups of position tables, and sines and cosines.
     *
     * @param uses the nodes that take positions
     * @param unmoved a value that seems to hold positions, but that nothing in {@code uses} gives;
     *     "" if there is none
     */
    public record Positions(List<Use> uses, String unmoved) {
        /** Copies the list. */
        public Positions {
            uses = List.copyOf(uses);
        }

        /**
         * Whether moving the positions of all tokens moves them everywhere: all places were found,
         * or there are none.
         */
        public boolean complete() {
            return unmoved.isEmpty();
        }

        /**
         * A node that takes positions.
         *
         * @param node its name
         * @param slot which of its inputs they are
         * @param sources the values they start from (a range, a running sum of the mask, a constant
         *     0, 1, 2, ..., an input), with their element types
         * @param through the values between those and the input, that included
         */
        public record Use(
                String node, int slot, Map<String, ElementType> sources, Set<String> through) {
            /** Copies the collections. */
            public Use {
                sources = Map.copyOf(sources);
                through = Set.copyOf(through);
            }
        }
    }
}
