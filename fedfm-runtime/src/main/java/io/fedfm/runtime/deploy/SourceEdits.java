package io.fedfm.runtime.deploy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Changes a model as its file has it at places that are known from the graph as fedfm reads it.
 *
 * <p>A constant that only the changed places use is overwritten; one that others use too stays, and
 * the places get one of their own.
 */
final class SourceEdits {
    private final Graph source;
    private final Map<String, Node> read;
    private final Map<String, Node> readProducers;
    private final Map<String, Node> producers;

    /** First output of a node of the file to what it is now that nodes were inserted after it. */
    private final Map<String, String> moved = new HashMap<>();

    /**
     * A place where a node reads a value.
     *
     * @param node its first output, in the file
     * @param slot which of its inputs
     */
    record Use(String node, int slot) {}

    /** Changes {@code source}; {@code read} is what was read from the same file. */
    SourceEdits(Graph source, Graph read) {
        this.source = source;
        this.read = new HashMap<>();
        read.nodes().forEach(node -> this.read.put(node.name(), node));
        this.readProducers = read.producers();
        this.producers = source.producers();
    }

    /** The name in the file of a value of the graph as it was read; empty if it has none. */
    Optional<String> find(String value) {
        String name = value;
        Node maker = producers.get(name);
        Node readMaker = readProducers.get(value);
        boolean kept = readMaker != null && readMaker.is("Identity");
        while (maker != null && !kept && (maker.is("Identity") || maker.is("Dropout"))) {
            name = maker.input(0);
            maker = producers.get(name);
        }
        boolean known =
                maker != null
                        || source.inputs().containsKey(name)
                        || source.initializers().containsKey(name);
        return known ? Optional.of(name) : Optional.empty();
    }

    /** The name in the file of a value of the graph as it was read. */
    String valueOf(String value) {
        return find(value).orElseThrow(() -> missing("value '" + value + "'"));
    }

    /** Where the file has what a node that was read has at an input; empty if nowhere. */
    Optional<Use> find(Node readNode, int slot) {
        Optional<Node> node = find(readNode.output()).map(producers::get);
        return node.filter(n -> n.op().equals(readNode.op()) && slot < n.inputs().size())
                .map(n -> new Use(n.output(), slot));
    }

    /** The constant that a node of the file reads; empty if it reads none. */
    Optional<Tensor> constant(Use use) {
        Optional<String> value = find(node(use).input(use.slot()));
        return value.map(source.initializers()::get);
    }

    /** The value that enters a linear layer, in the file. */
    String inputOf(Anatomy.Linear linear) {
        return node(product(linear)).input(0);
    }

    /**
     * Puts a constant where nodes read another one.
     *
     * @param name of a constant of its own, if it needs one
     * @return the name that it has
     */
    String set(Collection<Use> uses, String name, Tensor value) {
        Set<String> named = new HashSet<>();
        uses.forEach(use -> named.add(node(use).input(use.slot())));
        String only = named.size() == 1 ? named.iterator().next() : "";
        if (source.initializers().containsKey(only) && uses(only) == uses.size()) {
            source.addInitializer(only, value);
            return only;
        }
        boolean taken = find(name).isPresent();
        String own = taken ? source.freshName(name) : name;
        source.addInitializer(own, value);
        uses.forEach(use -> setInput(use, own));
        return own;
    }

    /**
     * Replaces the weight of a linear layer.
     *
     * @param weight [in, out]
     */
    void setWeight(Anatomy.Linear linear, Tensor weight) {
        Use use = product(linear);
        Node transpose = producers.get(node(use).input(1));
        boolean turned =
                transpose != null
                        && transpose.is("Transpose")
                        && source.initializers().containsKey(transpose.input(0))
                        && uses(transpose.output()) == 1;
        boolean byGemm = node(use).attributes().integer("transB", 0) == 1;
        Use at = turned ? new Use(transpose.output(), 0) : new Use(use.node(), 1);
        set(
                List.of(at),
                linear.site().name() + ".weight",
                turned != byGemm ? Matrices.transpose(weight) : weight);
    }

    /** Replaces the bias of a linear layer, or gives it one. */
    void setBias(Anatomy.Linear linear, Tensor bias) {
        Use product = product(linear);
        String name = linear.site().name() + ".bias";
        if (!linear.bias().isEmpty()) {
            Node adds = readProducers.get(linear.output());
            int slot = adds.inputs().indexOf(linear.bias());
            set(
                    List.of(find(adds, slot).orElseThrow(() -> missing("value '" + name + "'"))),
                    name,
                    bias);
            return;
        }
        String own = source.freshName(name);
        source.addInitializer(own, bias);
        if (node(product).is("Gemm")) {
            setInput(new Use(product.node(), 2), own);
        } else {
            insertAfter(
                    product.node(),
                    value ->
                            List.of(
                                    Node.of(
                                            "Add",
                                            linear.site().name() + "/bias",
                                            List.of(value, own),
                                            List.of(""),
                                            Attributes.none())));
        }
    }

    /** Inserts nodes that read a value of the file and give what all others see in its place. */
    void insertAfter(String value, Values.Insertion nodes) {
        moved.putIfAbsent(value, Values.insertAfter(source, value, nodes));
    }

    /** What is said of nodes, by the first outputs that they have now. */
    Map<String, Map<String, String>> moved(Map<String, Map<String, String>> metadata) {
        Map<String, Map<String, String>> now = new HashMap<>();
        metadata.forEach((node, own) -> now.put(moved.getOrDefault(node, node), own));
        return now;
    }

    private Use product(Anatomy.Linear linear) {
        return find(read.get(linear.product()), 1)
                .orElseThrow(() -> missing("product '" + linear.product() + "'"));
    }

    private Node node(Use use) {
        String output = moved.getOrDefault(use.node(), use.node());
        return source.nodes().stream()
                .filter(node -> node.output().equals(output))
                .findFirst()
                .orElseThrow();
    }

    /** How often a value is read; an output is read by whoever runs the model. */
    private long uses(String value) {
        long read =
                source.nodes().stream()
                        .flatMap(node -> node.inputs().stream())
                        .filter(value::equals)
                        .count();
        return source.outputs().contains(value) ? read + 1 : read;
    }

    private void setInput(Use use, String value) {
        Node node = node(use);
        List<String> inputs = new ArrayList<>(node.inputs());
        while (inputs.size() <= use.slot()) {
            inputs.add("");
        }
        inputs.set(use.slot(), value);
        List<Node> nodes = new ArrayList<>(source.nodes());
        nodes.set(nodes.indexOf(node), node.withInputs(inputs));
        source.setNodes(nodes);
    }

    private static FedFmException missing(String what) {
        return new FedFmException(
                ErrorCode.EXPORT_UNSUPPORTED,
                "the backbone's file has no "
                        + what
                        + ", which fedfm made while it read it; export with --to onnx");
    }
}
