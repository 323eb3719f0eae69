package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rotary position embedding (Su et al. 2021): the transpose of a rotation turns back. */
final class RotaryVjps {
    private RotaryVjps() {}

    static Map<String, Vjp> all() {
        return Map.of("RotaryEmbedding", RotaryVjps::rotary);
    }

    private static void rotary(Node node, Cotangents c) {
        if (c.needs(node.input(1)) || c.needs(node.input(2))) {
            throw new NoDerivative("its angles depend on what is trained");
        }
        GraphBuilder g = c.builder();
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.set(0, c.of(node.output()));
        inputs.set(2, g.op("Neg", node.input(2)));
        c.contribute(
                node.input(0),
                g.op("RotaryEmbedding", node.attributes(), inputs.toArray(String[]::new)));
    }
}
