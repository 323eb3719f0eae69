package io.fedfm.runtime.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads products of integers as dynamic quantisation writes them, {@code Mul(Cast(MatMulInteger(q,
 * W)), Mul(scale of q, scale of W))} with q from a DynamicQuantizeLinear, as products of floats
 * with rounding.
 */
final class IntegerProducts {
    private final Graph graph;
    private final Map<String, Node> producers;
    private final Map<String, List<Node>> consumers;
    private final Map<Node, List<Node>> replaced = new HashMap<>();
    private final Set<Node> removed = new HashSet<>();

    /**
     * One side of a product.
     *
     * @param value what was rounded, or the constant integers
     * @param zeroPoint of constant integers
     * @param scale of either
     */
    private record Operand(String value, String zeroPoint, String scale, boolean constant) {}

    private IntegerProducts(Graph graph) {
        this.graph = graph;
        this.producers = graph.producers();
        this.consumers = graph.consumers();
    }

    /** Rewrites in place what has this form; anything else stays. */
    static void read(Graph graph) {
        new IntegerProducts(graph).run();
    }

    private void run() {
        for (Node node : graph.nodes()) {
            if (node.is("MatMulInteger") || node.is("ConvInteger")) {
                read(node);
            }
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (!removed.contains(node)) {
                nodes.addAll(replaced.getOrDefault(node, List.of(node)));
            }
        }
        graph.setNodes(nodes);
    }

    private void read(Node product) {
        Node cast = onlyConsumer(product.output());
        Node scaled = cast == null || !cast.is("Cast") ? null : onlyConsumer(cast.output());
        if (scaled == null || !scaled.is("Mul")) {
            return;
        }
        boolean castFirst = scaled.input(0).equals(cast.output());
        Node scales = producers.get(scaled.input(castFirst ? 1 : 0));
        if (scales == null || !scales.is("Mul")) {
            return;
        }
        Operand left = operand(product.input(0), product.input(2), scales);
        Operand right = operand(product.input(1), product.input(3), scales);
        if (left != null
                && right != null
                && fits(product, left)
                && fits(product, right)
                && Set.copyOf(scales.inputs()).equals(Set.of(left.scale(), right.scale()))) {
            replaced.put(product, floats(product, left, right, scaled.output()));
            removed.addAll(List.of(cast, scaled));
        }
    }

    private Operand operand(String integers, String zeroPoint, Node scales) {
        Node rounding = producers.get(integers);
        if (rounding != null
                && rounding.is("DynamicQuantizeLinear")
                && rounding.outputs().indexOf(zeroPoint) == 2) {
            return new Operand(rounding.input(0), "", rounding.outputs().get(1), false);
        }
        if (!graph.initializers().containsKey(integers)) {
            return null;
        }
        return scales.inputs().stream()
                .filter(graph.initializers()::containsKey)
                .map(scale -> new Operand(integers, zeroPoint, scale, true))
                .findFirst()
                .orElse(null);
    }

    /** One scale for all, or one for each column of a matrix. */
    private boolean fits(Node product, Operand operand) {
        if (!operand.constant()) {
            return true;
        }
        Tensor scale = graph.initializers().get(operand.scale());
        long[] shape = graph.initializers().get(operand.value()).shape();
        return scale.size() == 1
                || product.is("MatMulInteger")
                        && operand.value().equals(product.input(1))
                        && shape.length == 2
                        && scale.shape().length == 1
                        && scale.size() == shape[1];
    }

    private List<Node> floats(Node product, Operand left, Operand right, String output) {
        List<Node> nodes = new ArrayList<>();
        boolean matMul = product.is("MatMulInteger");
        boolean linear = matMul && !left.constant() && right.constant();
        List<String> inputs =
                List.of(
                        linear ? left.value() : operand(left, product, nodes),
                        operand(right, product, nodes));
        Attributes attributes = linear ? Rounding.mark() : product.attributes();
        nodes.add(
                new Node(
                        "",
                        matMul ? "MatMul" : "Conv",
                        product.name(),
                        inputs,
                        List.of(output),
                        attributes,
                        product.modulePath()));
        return nodes;
    }

    private String operand(Operand operand, Node product, List<Node> nodes) {
        String value = graph.freshName(operand.value() + "_rounded");
        nodes.add(
                operand.constant()
                        ? Node.of(
                                "DequantizeLinear",
                                value,
                                operand.zeroPoint().isEmpty()
                                        ? List.of(operand.value(), operand.scale())
                                        : List.of(
                                                operand.value(),
                                                operand.scale(),
                                                operand.zeroPoint()),
                                List.of(value),
                                Attributes.of("axis", 1))
                        : Rounding.node(
                                value, List.of(operand.value()), value, product.modulePath()));
        return value;
    }

    private Node onlyConsumer(String value) {
        List<Node> users = consumers.getOrDefault(value, List.of());
        return users.size() == 1 && !graph.outputs().contains(value) ? users.get(0) : null;
    }
}
