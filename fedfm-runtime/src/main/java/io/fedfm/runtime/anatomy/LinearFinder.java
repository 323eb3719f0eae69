package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the linear layers on the stream: MatMul or Gemm by a constant matrix, with the bias that is
 * added right after.
 *
 * <p>A Gemm that scales or transposes its input is none: what a module adds to its weight would not
 * be what it adds to its output.
 */
final class LinearFinder {
    private final Walk walk;

    LinearFinder(Walk walk) {
        this.walk = walk;
    }

    /** The linear layers, in the order of the graph. */
    List<LinearLayer> find() {
        List<LinearLayer> layers = new ArrayList<>();
        for (Node node : walk.graph().nodes()) {
            boolean product = node.is("MatMul") || isPlainGemm(node);
            if (product && walk.isStream(node.input(0)) && isMatrix(node.input(1))) {
                layers.add(layer(node));
            }
        }
        return layers;
    }

    private static boolean isPlainGemm(Node node) {
        return node.is("Gemm")
                && node.attributes().integer("transA", 0) == 0
                && node.attributes().number("alpha", 1) == 1
                && (node.input(2).isEmpty() || node.attributes().number("beta", 1) == 1);
    }

    private boolean isMatrix(String value) {
        return walk.isConstant(value) && walk.rank(value) == 2;
    }

    private LinearLayer layer(Node product) {
        String weight = product.input(1);
        boolean transposed = product.attributes().integer("transB", 0) == 1;
        while (walk.isMadeBy(weight, "Transpose")) {
            weight = walk.producer(weight).input(0);
            transposed = !transposed;
        }
        long[] shape = walk.dimensions(weight);
        long inputs = transposed ? shape[1] : shape[0];
        long outputs = transposed ? shape[0] : shape[1];
        String output = product.output();
        String bias = "";
        Node next = walk.onlyConsumer(output);
        if (isBias(product.input(2), outputs)) {
            bias = product.input(2);
        } else if (product.input(2).isEmpty()
                && next != null
                && next.is("Add")
                && isBias(Walk.other(next, output), outputs)) {
            bias = Walk.other(next, output);
            output = next.output();
        }
        return new LinearLayer(
                product, product.input(0), output, weight, transposed, bias, inputs, outputs);
    }

    private boolean isBias(String value, long outputs) {
        return walk.isConstant(value) && walk.rank(value) == 1 && walk.width(value) == outputs;
    }
}
