package io.fedfm.runtime.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the integer products that ONNX Runtime's optimiser writes: {@code DynamicQuantizeMatMul},
 * and {@code MatMulIntegerToFloat} behind a DynamicQuantizeLinear.
 */
final class FusedProducts {
    /** The domain of both operators. */
    private static final String DOMAIN = "com.microsoft";

    private static final Set<String> OPERATORS =
            Set.of("DynamicQuantizeMatMul", "MatMulIntegerToFloat");

    private FusedProducts() {}

    /** Whether {@link #read} may know the operator. */
    static boolean is(String domain, String op) {
        return domain.equals(DOMAIN) && OPERATORS.contains(op);
    }

    /** Rewrites all in place, to products of floats that round their first operand. */
    static void read(Graph graph) {
        Map<String, Node> producers = graph.producers();
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (!is(node.domain(), node.op())) {
                nodes.add(node);
                continue;
            }
            boolean whole = node.op().equals("DynamicQuantizeMatMul");
            String x = whole ? node.input(0) : rounded(node, producers);
            String scale = node.input(whole ? 2 : 3);
            String zeroPoint = node.input(whole ? 3 : 5);
            String bias = node.input(whole ? 4 : 6);
            if (x.isEmpty() || !graph.initializers().containsKey(node.input(1))) {
                throw StandardOperators.foreign(node);
            }
            String weight = graph.freshName(node.input(1) + "_rounded");
            String output =
                    bias.isEmpty() ? node.output() : graph.freshName(node.output() + "_product");
            nodes.add(
                    Node.of(
                            "DequantizeLinear",
                            weight,
                            zeroPoint.isEmpty()
                                    ? List.of(node.input(1), scale)
                                    : List.of(node.input(1), scale, zeroPoint),
                            List.of(weight),
                            Attributes.of("axis", 1)));
            nodes.add(
                    new Node(
                            "",
                            "MatMul",
                            node.name(),
                            List.of(x, weight),
                            List.of(output),
                            Rounding.mark(),
                            node.modulePath()));
            if (!bias.isEmpty()) {
                nodes.add(
                        new Node(
                                "",
                                "Add",
                                output,
                                List.of(output, bias),
                                List.of(node.output()),
                                Attributes.none(),
                                node.modulePath()));
            }
        }
        graph.setNodes(nodes);
    }

    private static String rounded(Node node, Map<String, Node> producers) {
        Node rounding = producers.get(node.input(0));
        boolean fits =
                rounding != null
                        && rounding.is("DynamicQuantizeLinear")
                        && rounding.outputs().get(1).equals(node.input(2))
                        && rounding.outputs().get(2).equals(node.input(4));
        return fits ? rounding.input(0) : "";
    }
}
