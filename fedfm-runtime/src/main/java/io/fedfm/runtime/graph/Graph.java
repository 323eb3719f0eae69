package io.fedfm.runtime.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An ONNX graph at opset {@link #OPSET} or above, in topological order, that can be added to and
 * rewired.
 *
 * <p>Every value has one producer: an input, an initializer or a node. {@code Constant} nodes are
 * read as initializers. A graph owns no native memory; large initializers are views of a mapped
 * file.
 */
public final class Graph {
    /**
     * The opset all graphs are brought to when they are read, so that everything else knows one.
     */
    public static final int OPSET = 20;

    private final int opset;
    private final Map<String, ValueInfo> inputs = new LinkedHashMap<>();
    private final Map<String, Tensor> initializers = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();
    private final Map<String, Integer> counters = new HashMap<>();

    /** What nodes make, so that fresh names are. */
    private final Set<String> made = new HashSet<>();

    /** An empty graph. */
    public Graph() {
        this(OPSET);
    }

    /** An empty graph at an opset above {@link #OPSET}. */
    public Graph(int opset) {
        this.opset = opset;
    }

    /** A copy that can be changed independently; tensors are shared. */
    public Graph copy() {
        Graph copy = new Graph(opset);
        copy.inputs.putAll(inputs);
        copy.initializers.putAll(initializers);
        copy.setNodes(nodes);
        copy.outputs.addAll(outputs);
        copy.counters.putAll(counters);
        return copy;
    }

    /** The opset of the standard operators. */
    public int opset() {
        return opset;
    }

    /** The inputs, in order. */
    public Map<String, ValueInfo> inputs() {
        return Collections.unmodifiableMap(inputs);
    }

    /** The constants, in order. */
    public Map<String, Tensor> initializers() {
        return Collections.unmodifiableMap(initializers);
    }

    /** The nodes, in topological order. */
    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** The names of the outputs, in order. */
    public List<String> outputs() {
        return Collections.unmodifiableList(outputs);
    }

    /** Adds an input. */
    public void addInput(ValueInfo input) {
        inputs.put(input.name(), input);
    }

    /** Removes an input, say because a constant of its name takes its place. */
    public void removeInput(String name) {
        inputs.remove(name);
    }

    /** Adds a constant, or replaces the one of this name. */
    public void addInitializer(String name, Tensor value) {
        initializers.put(name, value);
    }

    /** Removes a constant, say because an input of its name takes its place. */
    public void removeInitializer(String name) {
        initializers.remove(name);
    }

    /** Appends a node; its inputs exist already. */
    public void addNode(Node node) {
        nodes.add(node);
        made.addAll(node.outputs());
    }

    /** Makes a value an output. */
    public void addOutput(String value) {
        if (!outputs.contains(value)) {
            outputs.add(value);
        }
    }

    /** Forgets all outputs. */
    public void clearOutputs() {
        outputs.clear();
    }

    /** Replaces all nodes, say after a rewrite; {@code changed} is in topological order. */
    public void setNodes(List<Node> changed) {
        List<Node> copy = List.copyOf(changed);
        nodes.clear();
        made.clear();
        copy.forEach(this::addNode);
    }

    /** A name for a new value that no value has yet. */
    public String freshName(String stem) {
        String name;
        do {
            name = stem + "_" + counters.merge(stem, 1, Integer::sum);
        } while (inputs.containsKey(name) || initializers.containsKey(name) || made.contains(name));
        return name;
    }

    /** Value name to the node that makes it. */
    public Map<String, Node> producers() {
        Map<String, Node> producers = new HashMap<>();
        for (Node node : nodes) {
            node.outputs().stream().filter(o -> !o.isEmpty()).forEach(o -> producers.put(o, node));
        }
        return producers;
    }

    /** Value name to the nodes that use it, each once, in order. */
    public Map<String, List<Node>> consumers() {
        Map<String, List<Node>> consumers = new HashMap<>();
        for (Node node : nodes) {
            for (String input : Set.copyOf(node.inputs())) {
                consumers.computeIfAbsent(input, k -> new ArrayList<>()).add(node);
            }
        }
        return consumers;
    }

    /** Drops nodes and initializers that no output depends on. */
    public void prune() {
        Set<String> needed = outputs.stream().collect(Collectors.toSet());
        List<Node> kept = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (node.outputs().stream().anyMatch(needed::contains)) {
                node.inputs().stream().filter(name -> !name.isEmpty()).forEach(needed::add);
                kept.add(node);
            }
        }
        Collections.reverse(kept);
        setNodes(kept);
        initializers.keySet().retainAll(needed);
    }
}
