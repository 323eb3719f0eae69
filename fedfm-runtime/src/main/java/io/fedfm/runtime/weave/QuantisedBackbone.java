package io.fedfm.runtime.weave;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.QuantisedWeights;
import io.fedfm.runtime.graph.Rounding;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What training asks of weights that are stored as integers. */
final class QuantisedBackbone {
    private QuantisedBackbone() {}

    /**
     * Refuses to promote integers.
     *
     * @throws FedFmException MODEL_UNSUPPORTED, naming the first
     */
    static void requireFloats(Graph backbone, Collection<String> promoted) {
        Map<String, Node> weights = QuantisedWeights.of(backbone);
        for (String name : promoted) {
            Node node = weights.get(name);
            Tensor stored = backbone.initializers().get(node == null ? name : node.input(0));
            if (stored != null && QuantisedWeights.isNarrow(stored)) {
                throw new FedFmException(
                        ErrorCode.MODEL_UNSUPPORTED,
                        "the frozen weight '"
                                + name
                                + "' is stored as "
                                + stored.type().name().toLowerCase(java.util.Locale.ROOT)
                                + " and cannot be trained itself; attach modules (lora, adapter),"
                                + " or take the float32 model");
            }
        }
    }

    /** The backbone with the weights of a head, which are trained, as floats. */
    static Graph withFloatHead(Graph backbone, Collection<String> head) {
        Map<String, Node> weights = QuantisedWeights.of(backbone);
        if (head.stream().noneMatch(weights::containsKey)) {
            return backbone;
        }
        Graph copy = backbone.copy();
        List<Node> nodes = new ArrayList<>();
        for (Node node : backbone.nodes()) {
            if (head.contains(node.output()) && weights.containsKey(node.output())) {
                copy.addInitializer(node.output(), QuantisedWeights.floats(backbone, node));
            } else if (Rounding.roundsInput(node) && head.contains(node.input(1))) {
                nodes.add(Rounding.withoutMark(node));
            } else {
                nodes.add(node);
            }
        }
        copy.setNodes(nodes);
        return copy;
    }
}
