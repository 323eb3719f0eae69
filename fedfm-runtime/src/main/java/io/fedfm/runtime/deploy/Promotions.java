package io.fedfm.runtime.deploy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.deploy.SourceEdits.Use;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.program.Sessions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts changed weights of the graph as fedfm reads it where the backbone's file has them: what was
 * separated while reading is separated in the file too, and what the file has computed already is
 * computed again.
 */
final class Promotions {
    private final Graph read;
    private final Map<String, List<Node>> consumers;
    private final SourceEdits edits;
    private final Sessions sessions;

    /** Changes what {@code edits} changes. */
    Promotions(Graph read, SourceEdits edits, Sessions sessions) {
        this.read = read;
        this.consumers = read.consumers();
        this.edits = edits;
        this.sessions = sessions;
    }

    /** Puts the weights that were trained in into the file: a run may have drawn other ones. */
    void takeWeights() {
        for (Map.Entry<String, Tensor> weight : read.initializers().entrySet()) {
            Tensor value = weight.getValue();
            boolean drawn =
                    value.type() == ElementType.FLOAT
                            && uses(weight.getKey()).stream()
                                    .flatMap(use -> edits.constant(use).stream())
                                    .anyMatch(own -> !own.data().equals(value.data()));
            if (drawn) {
                set(weight.getKey(), value);
            }
        }
    }

    private List<Use> uses(String weight) {
        List<Use> uses = new ArrayList<>();
        for (Node node : consumers.getOrDefault(weight, List.of())) {
            for (int slot = 0; slot < node.inputs().size(); slot++) {
                if (node.input(slot).equals(weight)) {
                    edits.find(node, slot).ifPresent(uses::add);
                }
            }
        }
        return uses;
    }

    /** Sets a weight to its trained value. */
    void set(String weight, Tensor value) {
        List<Use> uses = uses(weight);
        if (!uses.isEmpty()) {
            edits.set(uses, weight, value);
        }
        for (Node node : consumers.getOrDefault(weight, List.of())) {
            Optional<Use> inFile = edits.find(node, node.inputs().indexOf(weight));
            if (inFile.isEmpty()) {
                set(node.output(), computed(node, weight, value));
            }
        }
    }

    /**
     * Makes a weight a constant of its own in the file.
     *
     * @return its name there
     */
    String separate(String weight) {
        List<Use> uses = uses(weight);
        if (uses.size() != readings(weight)) {
            throw notThere(weight);
        }
        return edits.set(uses, weight, read.initializers().get(weight));
    }

    private long readings(String weight) {
        return consumers.getOrDefault(weight, List.of()).stream()
                .flatMap(node -> node.inputs().stream())
                .filter(weight::equals)
                .count();
    }

    private Tensor computed(Node node, String weight, Tensor value) {
        Graph constants = new Graph(read.opset());
        for (String input : node.inputs()) {
            Tensor constant = input.equals(weight) ? value : read.initializers().get(input);
            if (constant == null) {
                throw notThere(weight);
            }
            constants.addInitializer(input, constant);
        }
        constants.addNode(node);
        constants.addOutput(node.output());
        return sessions.values(constants).get(node.output());
    }

    private static FedFmException notThere(String weight) {
        return new FedFmException(
                ErrorCode.EXPORT_UNSUPPORTED,
                "the backbone's file does not have the weight '"
                        + weight
                        + "' where it was trained; export with --to onnx");
    }
}
