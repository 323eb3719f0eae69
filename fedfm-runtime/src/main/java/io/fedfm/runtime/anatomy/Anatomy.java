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
     * @param weight name of the initializer
     * @param transposed whether the initializer is [out, in] (a Gemm with transB)
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
     * An attention in the graph.
     *
     * @param site as a method sees it
     * @param softmax name of the Softmax node
     * @param scores the value that enters the softmax
     * @param context the value after the product with V
     */
    public record Attention(Site site, String softmax, String scores, String context) {}

    /**
     * Word embeddings in the graph.
     *
     * @param site as a method sees it
     * @param gather name of the Gather node
     * @param value the embedded words [batch, length, hidden]
     * @param ids the value of token ids
     */
    public record Embedding(Site site, String gather, String value, String ids) {}
}
