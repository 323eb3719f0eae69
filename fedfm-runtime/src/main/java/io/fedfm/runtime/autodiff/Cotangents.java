package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Shapes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The cotangents (gradients) of a graph's values as they grow in a reverse pass. */
public final class Cotangents {
    private final GraphBuilder builder;
    private final Shapes shapes;
    private final ForwardValues forward;
    private final Set<String> needed;
    private final Map<String, List<String>> whole = new HashMap<>();
    private final Map<String, List<String>> spread = new HashMap<>();
    private final Map<String, String> sums = new HashMap<>();
    private final Map<Node, Node> extended = new IdentityHashMap<>();

    /**
     * No cotangents yet.
     *
     * @param builder where nodes are appended
     * @param shapes of the forward values
     * @param needed the values whose cotangent anybody wants
     */
    public Cotangents(GraphBuilder builder, Shapes shapes, Set<String> needed) {
        this.builder = builder;
        this.shapes = shapes;
        this.forward = new ForwardValues(builder.graph(), shapes);
        this.needed = Set.copyOf(needed);
    }

    /** Where nodes are appended. */
    public GraphBuilder builder() {
        return builder;
    }

    /** The shapes of forward values. */
    public Shapes shapes() {
        return shapes;
    }

    /** What is known of forward values. */
    public ForwardValues forward() {
        return forward;
    }

    /** Whether the cotangent of this forward value is wanted. */
    public boolean needs(String value) {
        return needed.contains(value);
    }

    /** Whether the value has a cotangent. */
    public boolean has(String value) {
        return whole.containsKey(value) || spread.containsKey(value);
    }

    /** The cotangent of a forward value: the sum of what was contributed. */
    public String of(String value) {
        return sums.computeIfAbsent(value, this::sum);
    }

    /** Adds to the cotangent of a forward value; the contribution has the value's shape. */
    public void contribute(String value, String cotangent) {
        add(whole, value, cotangent);
    }

    /**
     * Adds to the cotangent of a forward value a contribution that broadcasts to the value's shape;
     * it is expanded only where nothing it could be added to has the whole shape.
     */
    public void contributeSpread(String value, String cotangent) {
        add(spread, value, cotangent);
    }

    /**
     * Adds to the cotangent of an operand that was broadcast to a result's shape.
     *
     * @param operand the forward value
     * @param cotangent of the result's shape
     * @param result the forward value of the broadcast shape
     */
    public void contributeReduced(String operand, String cotangent, String result) {
        contribute(operand, Broadcast.reduce(this, cotangent, result, operand));
    }

    /**
     * Makes a forward node return more of its optional outputs.
     *
     * @return the names of its first {@code count} outputs
     */
    public List<String> extend(Node node, int count) {
        Node current = extended.getOrDefault(node, node);
        List<String> outputs = new ArrayList<>(current.outputs());
        while (outputs.size() < count) {
            outputs.add("");
        }
        outputs.replaceAll(o -> o.isEmpty() ? builder.graph().freshName("grad/saved") : o);
        extended.put(
                node,
                new Node(
                        node.domain(),
                        node.op(),
                        node.name(),
                        node.inputs(),
                        outputs,
                        node.attributes(),
                        node.modulePath()));
        return List.copyOf(outputs);
    }

    /** Puts the extended nodes into the graph. */
    void applyExtensions() {
        if (!extended.isEmpty()) {
            builder.graph()
                    .setNodes(
                            builder.graph().nodes().stream()
                                    .map(node -> extended.getOrDefault(node, node))
                                    .toList());
        }
    }

    private void add(Map<String, List<String>> contributions, String value, String cotangent) {
        sums.remove(value);
        contributions.computeIfAbsent(value, k -> new ArrayList<>()).add(cotangent);
    }

    private String sum(String value) {
        List<String> terms = new ArrayList<>(whole.getOrDefault(value, List.of()));
        List<String> small = spread.getOrDefault(value, List.of());
        if (terms.isEmpty() && !small.isEmpty()) {
            return builder.op("Expand", total(small), builder.op("Shape", value));
        }
        terms.addAll(small);
        return total(terms);
    }

    private String total(List<String> terms) {
        return switch (terms.size()) {
            case 0 -> throw new IllegalStateException("a value without a cotangent");
            case 1 -> terms.get(0);
            case 2 -> builder.op("Add", terms.get(0), terms.get(1));
            default -> builder.op("Sum", Attributes.none(), terms.toArray(String[]::new));
        };
    }
}
