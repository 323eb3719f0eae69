package io.fedfm.runtime.deploy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Changes a model as its file has it at places that are known from the graph as fedfm reads it.
 *
 * <p>A constant that only the changed place uses is overwritten; one that others use too stays, and
 * the place gets one of its own.
 */
final class SourceEdits {
    private final Graph source;
    private final Graph read;
    private final Map<String, Node> readProducers;

    /** Changes {@code source}; {@code read} is what was read from the same file. */
    SourceEdits(Graph source, Graph read) {
        this.source = source;
        this.read = read;
        this.readProducers = read.producers();
    }

    /** The name in the file of a value of the graph as it was read. */
    String valueOf(String value) {
        Map<String, Node> producers = source.producers();
        Node readProducer = readProducers.get(value);
        String name = value;
        Node maker = producers.get(name);
        boolean kept = readProducer != null && readProducer.is("Identity");
        while (maker != null && !kept && (maker.is("Identity") || maker.is("Dropout"))) {
            name = maker.input(0);
            maker = producers.get(name);
        }
        if (maker == null
                && !source.inputs().containsKey(name)
                && !source.initializers().containsKey(name)) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "the backbone's file has no value '"
                            + value
                            + "', which fedfm made while it read it; export with --to onnx");
        }
        return name;
    }

    /** The node in the file that multiplies by a linear layer's weight. */
    Node product(Anatomy.Linear linear) {
        Node product =
                read.nodes().stream()
                        .filter(node -> node.name().equals(linear.product()))
                        .findFirst()
                        .orElseThrow();
        return source.producers().get(valueOf(product.output()));
    }

    /**
     * Replaces the weight of a linear layer.
     *
     * @param weight [in, out]
     */
    void setWeight(Anatomy.Linear linear, Tensor weight) {
        Node product = product(linear);
        String own = ownConstant(product, 1);
        if (own.equals(linear.weight()) && !own.isEmpty()) {
            source.addInitializer(own, linear.transposed() ? Matrices.transpose(weight) : weight);
            return;
        }
        boolean transposed = product.attributes().integer("transB", 0) == 1;
        String name = source.freshName(linear.site().name() + ".weight");
        source.addInitializer(name, transposed ? Matrices.transpose(weight) : weight);
        setInput(product, 1, name);
    }

    /** Replaces the bias of a linear layer, or gives it one. */
    void setBias(Anatomy.Linear linear, Tensor bias) {
        Node product = product(linear);
        String fresh = source.freshName(linear.site().name() + ".bias");
        if (!linear.bias().isEmpty()) {
            Node readNode = readProducers.get(linear.output());
            int slot = readNode.inputs().indexOf(linear.bias());
            Node node = source.producers().get(valueOf(readNode.output()));
            String own = ownConstant(node, slot);
            source.addInitializer(own.isEmpty() ? fresh : own, bias);
            if (own.isEmpty()) {
                setInput(node, slot, fresh);
            }
            return;
        }
        source.addInitializer(fresh, bias);
        if (product.is("Gemm")) {
            setInput(product, 2, fresh);
        } else {
            Values.insertAfter(
                    source,
                    product.output(),
                    value ->
                            List.of(
                                    Node.of(
                                            "Add",
                                            linear.site().name() + "/bias",
                                            List.of(value, fresh),
                                            List.of(""),
                                            Attributes.none())));
        }
    }

    /**
     * The constant that a node reads at a place, directly or through transpositions, if nothing
     * else reads it; "" otherwise.
     */
    private String ownConstant(Node node, int slot) {
        Map<String, Node> producers = source.producers();
        Map<String, List<Node>> consumers = source.consumers();
        String value = node.input(slot);
        while (isOnlyUse(value, consumers)) {
            Node maker = producers.get(value);
            if (maker == null) {
                return source.initializers().containsKey(value) ? value : "";
            }
            if (!maker.is("Transpose") && !maker.is("Identity")) {
                return "";
            }
            value = maker.input(0);
        }
        return "";
    }

    private boolean isOnlyUse(String value, Map<String, List<Node>> consumers) {
        List<Node> users = consumers.getOrDefault(value, List.of());
        return users.size() == 1
                && users.get(0).inputs().stream().filter(value::equals).count() == 1
                && !source.outputs().contains(value);
    }

    private void setInput(Node node, int slot, String value) {
        List<String> inputs = new ArrayList<>(node.inputs());
        while (inputs.size() <= slot) {
            inputs.add("");
        }
        inputs.set(slot, value);
        List<Node> nodes = new ArrayList<>(source.nodes());
        nodes.set(nodes.indexOf(node), node.withInputs(inputs));
        source.setNodes(nodes);
    }
}
