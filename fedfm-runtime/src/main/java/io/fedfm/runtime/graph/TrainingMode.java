package io.fedfm.runtime.graph;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.HashSet;
import java.util.Set;

/** Refuses graphs that were exported in training mode: their dropout and statistics are live. */
final class TrainingMode {
    private TrainingMode() {}

    static void refuse(Graph graph) {
        Set<String> used = new HashSet<>(graph.outputs());
        graph.nodes().forEach(node -> used.addAll(node.inputs()));
        for (Node node : graph.nodes()) {
            boolean training =
                    node.is("Dropout") && (!isOff(graph, node.input(2)) || masks(node, used))
                            || node.is("BatchNormalization")
                                    && node.attributes().integer("training_mode", 0) != 0;
            if (training) {
                throw error(node);
            }
        }
    }

    static FedFmException error(Node node) {
        return new FedFmException(
                ErrorCode.MODEL_UNSUPPORTED,
                NodeReader.describe(node)
                        + " is in training mode; export the model in evaluation mode");
    }

    private static boolean isOff(Graph graph, String flag) {
        Tensor value = graph.initializers().get(flag);
        return flag.isEmpty() || (value != null && value.size() == 1 && value.toLongs()[0] == 0);
    }

    private static boolean masks(Node node, Set<String> used) {
        return node.outputs().size() > 1
                && !node.outputs().get(1).isEmpty()
                && used.contains(node.outputs().get(1));
    }
}
