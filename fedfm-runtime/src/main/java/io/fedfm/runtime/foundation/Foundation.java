package io.fedfm.runtime.foundation;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;

/**
 * The reference transformer: an encoder of post-norm blocks (Vaswani et al. 2017) with learned
 * positions and exact GELU.
 *
 * <p>Takes {@code input_ids} int64 [batch, sequence], gives {@code last_hidden_state} float [batch,
 * sequence, hidden]. Nothing is masked: all rows are of one length.
 */
public final class Foundation {
    /** The input of token ids. */
    public static final String INPUT = "input_ids";

    /** The output of hidden states. */
    public static final String OUTPUT = "last_hidden_state";

    private Foundation() {}

    /** The backbone with the given weights. */
    public static Graph build(FoundationShape shape, WeightSource weights) {
        Graph graph = new Graph();
        graph.addInput(ValueInfo.of(INPUT, ElementType.INT64, "batch", "sequence"));
        ModuleNodes model = new ModuleNodes(graph, "");
        String hidden = embeddings(model, shape, weights);
        for (int layer = 0; layer < shape.layers(); layer++) {
            Block block = new Block(model.child("blocks." + layer), shape, weights, layer);
            hidden = block.append(hidden, layer == shape.layers() - 1 ? OUTPUT : "");
        }
        graph.addOutput(hidden);
        return graph;
    }

    private static String embeddings(
            ModuleNodes model, FoundationShape shape, WeightSource weights) {
        int hidden = shape.hidden();
        ModuleNodes module = model.child("tokens");
        float[] table = weights.weight("tokens", shape.vocabulary(), hidden);
        String tokens =
                module.op(
                        "Gather",
                        module.constant("weight", Tensor.floats(table, shape.vocabulary(), hidden)),
                        INPUT);
        float[] rows = weights.weight("positions", 1, shape.length(), hidden);
        String all = model.constant("positions", Tensor.floats(rows, 1, shape.length(), hidden));
        String length = model.op("Shape", Attributes.of("start", 1).with("end", 2), INPUT);
        String first = model.constant("positions.from", Tensor.longs(new long[] {0}, 1));
        String axis = model.constant("positions.axis", Tensor.longs(new long[] {1}, 1));
        return model.op("Add", tokens, model.op("Slice", all, first, length, axis));
    }
}
