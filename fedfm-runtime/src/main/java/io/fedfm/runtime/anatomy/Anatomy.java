package io.fedfm.runtime.anatomy;

import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.Site;
import java.util.List;

/**
 * What was found in a backbone.
 *
 * @param linears anchors of linear sites
 * @param hiddens anchors of hidden sites
 * @param attentions anchors of attention sites
 * @param embeddings anchors of embedding sites
 * @param backbone the same as a method sees it: all sites in data-flow order, and the weights
 */
public record Anatomy(
        List<Linear> linears,
        List<Hidden> hiddens,
        List<Attention> attentions,
        List<Embedding> embeddings,
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
     * @param value the value [batch, length, hidden]
     */
    public record Hidden(Site site, String value) {}

    /**
     * An attention in the graph. The score of a query with a key that is not scaled yet is {@code
     * scale q k^T}, plus what the graph masks.
     *
     * @param site as a method sees it; its widths are those of a head's query and value
     * @param softmax name of the Softmax node, or of an Attention node (opset 23)
     * @param scores the value that enters the softmax; "" for an Attention node
     * @param context the value after the product with V
     * @param query the queries as they enter the product with the keys: rotated, and scaled where
     *     the graph scales them before it
     * @param scale all factors between that product of queries and unscaled keys and the scores;
     *     NaN where the graph's factors are no constants
     * @param heads the number of query heads; 0 where the structure does not tell
     * @param keyValueHeads the number of key and value heads, fewer where heads share them; 0 where
     *     the structure does not tell
     */
    public record Attention(
            Site site,
            String softmax,
            String scores,
            String context,
            String query,
            double scale,
            long heads,
            long keyValueHeads) {}

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
}
