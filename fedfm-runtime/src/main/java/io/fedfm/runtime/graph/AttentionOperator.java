package io.fedfm.runtime.graph;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the {@code Attention} operator (opset 23) as the operators it stands for, so that its
 * queries, scores and context are values: {@code softmax(scale q k^T + mask) v}.
 *
 * <p>What is masked gets the lowest float32, not minus infinity, so that a row masked whole is even
 * instead of not a number, as ONNX Runtime has it.
 */
final class AttentionOperator {
    private static final Set<String> TRUTHS =
            Set.of(
                    "And",
                    "Or",
                    "Not",
                    "Xor",
                    "Equal",
                    "Less",
                    "LessOrEqual",
                    "Greater",
                    "GreaterOrEqual");
    private static final Set<String> MOVES =
            Set.of("Unsqueeze", "Squeeze", "Reshape", "Expand", "Slice", "Transpose", "Identity");

    private final Declared declared;
    private final Graph target;
    private final Map<String, Node> producers;

    /** Writes to {@code target} what nodes of {@code source} stand for. */
    AttentionOperator(Graph source, Declared declared, Graph target) {
        this.declared = declared;
        this.target = target;
        this.producers = source.producers();
    }

    /**
     * Writes one node.
     *
     * @throws FedFmException MODEL_UNSUPPORTED if it has a cache, caps its scores or gives them
     */
    void expand(Node node) {
        refuse(node);
        GraphBuilder g = new GraphBuilder(target, node.output(), node.modulePath());
        boolean flat = node.attributes().has("q_num_heads");
        String query = node.input(0);
        String key = node.input(1);
        String value = node.input(2);
        if (flat) {
            long heads = node.attributes().integer("kv_num_heads", 1);
            query = apart(g, query, node.attributes().integer("q_num_heads", 1));
            key = apart(g, key, heads);
            value = apart(g, value, heads);
        }
        present(node, 1, key);
        present(node, 2, value);
        if (!sameHeads(node, flat)) {
            key = repeated(g, key, query);
            value = repeated(g, value, query);
        }
        String scaled = g.op("Mul", query, scale(g, node, query));
        String scores = g.op("MatMul", scaled, g.transpose(key, 0, 1, 3, 2));
        String weights =
                g.op("Softmax", Attributes.of("axis", -1), masked(g, node, scores, query, key));
        if (flat) {
            String context = g.transpose(g.op("MatMul", weights, value), 0, 2, 1, 3);
            output(node, "Reshape", context, g.integers(0, 0, -1));
        } else {
            output(node, "MatMul", weights, value);
        }
    }

    private static void refuse(Node node) {
        if (!node.input(4).isEmpty() || !node.input(5).isEmpty()) {
            throw unsupported(node, "reads a key-value cache; export with use_cache=False");
        }
        if (node.attributes().number("softcap", 0) != 0) {
            throw unsupported(node, "caps its scores; export with attn_implementation='eager'");
        }
        if (node.outputs().size() > 3 && !node.outputs().get(3).isEmpty()) {
            throw unsupported(node, "gives its scores; export with output_attentions=False");
        }
    }

    private static FedFmException unsupported(Node node, String how) {
        return new FedFmException(
                ErrorCode.MODEL_UNSUPPORTED, NodeReader.describe(node) + " " + how);
    }

    /** [batch, length, heads x size] as [batch, heads, length, size]. */
    private static String apart(GraphBuilder g, String value, long heads) {
        return g.transpose(g.reshape(value, 0, 0, heads, -1), 0, 2, 1, 3);
    }

    private boolean sameHeads(Node node, boolean flat) {
        if (flat) {
            return node.attributes().integer("q_num_heads", 1)
                    == node.attributes().integer("kv_num_heads", 1);
        }
        long heads = declared.dimension(node.input(0), 1);
        return heads > 0 && heads == declared.dimension(node.input(1), 1);
    }

    /** Each key or value head for all the query heads that share it. */
    private static String repeated(GraphBuilder g, String value, String query) {
        String heads = dimensions(g, query, 1, 2);
        String times = g.op("Div", heads, dimensions(g, value, 1, 2));
        Attributes first = Attributes.of("axis", 0);
        String ones = g.integers(1, 1);
        String column = g.op("Unsqueeze", value, g.integers(2));
        String wide = g.op("Expand", column, g.op("Concat", first, ones, times, ones));
        String rows = dimensions(g, value, 0, 1);
        String rest = dimensions(g, value, 2, 4);
        return g.op("Reshape", wide, g.op("Concat", first, rows, heads, rest));
    }

    private static String dimensions(GraphBuilder g, String value, int from, int to) {
        return g.op("Shape", Attributes.of("start", from).with("end", to), value);
    }

    private static String scale(GraphBuilder g, Node node, String query) {
        if (node.attributes().has("scale")) {
            return g.scalar(node.attributes().number("scale", 1));
        }
        String size = g.cast(dimensions(g, query, 3, 4), ElementType.FLOAT);
        return g.op("Reciprocal", g.op("Sqrt", size));
    }

    private String masked(GraphBuilder g, Node node, String scores, String query, String key) {
        String masked = scores;
        String mask = node.input(3);
        if (!mask.isEmpty()) {
            masked = isTruth(mask) ? where(g, mask, masked) : g.op("Add", masked, mask);
        }
        if (node.attributes().integer("is_causal", 0) == 0) {
            return masked;
        }
        String rows = g.op("Unsqueeze", places(g, query), g.integers(-1));
        return where(g, g.op("GreaterOrEqual", rows, places(g, key)), masked);
    }

    private static String where(GraphBuilder g, String mask, String scores) {
        return g.op("Where", mask, scores, g.scalar(-Float.MAX_VALUE));
    }

    private static String places(GraphBuilder g, String value) {
        String length = g.op("Squeeze", dimensions(g, value, 2, 3));
        return g.op("Range", g.integer(0), length, g.integer(1));
    }

    private boolean isTruth(String value) {
        Node node = producers.get(value);
        Tensor constant = target.initializers().get(value);
        if (declared.truths().contains(value) || node == null) {
            return declared.truths().contains(value)
                    || constant != null && constant.type() == ElementType.BOOL;
        }
        boolean cast =
                node.is("Cast") && node.attributes().integer("to", 0) == ElementType.BOOL.onnx();
        return cast
                || TRUTHS.contains(node.op())
                || MOVES.contains(node.op()) && isTruth(node.input(0));
    }

    /** Keys and values as they would enter a cache, if somebody wants them. */
    private void present(Node node, int index, String value) {
        if (node.outputs().size() > index && !node.outputs().get(index).isEmpty()) {
            target.addNode(
                    Node.of(
                            "Identity",
                            "",
                            List.of(value),
                            List.of(node.outputs().get(index)),
                            Attributes.none()));
        }
    }

    private void output(Node node, String op, String... inputs) {
        target.addNode(
                new Node(
                        "",
                        op,
                        node.name(),
                        List.of(inputs),
                        List.of(node.output()),
                        Attributes.none(),
                        node.modulePath()));
    }
}
