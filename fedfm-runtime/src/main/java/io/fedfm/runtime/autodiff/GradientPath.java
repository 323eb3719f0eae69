package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The values between what is wanted and what is differentiated: the only ones with a gradient. */
final class GradientPath {
    private final Map<String, String> origin = new HashMap<>();
    private final Set<String> values = new HashSet<>();

    GradientPath(
            Graph graph,
            ForwardValues forward,
            Vjps vjps,
            Collection<String> differentiated,
            Collection<String> wanted) {
        wanted.forEach(value -> origin.put(value, value));
        for (Node node : graph.nodes()) {
            String source = vjps.isConstant(node) ? null : originOf(node);
            if (source != null) {
                node.outputs().stream()
                        .filter(output -> !output.isEmpty() && forward.isFloat(output))
                        .forEach(output -> origin.putIfAbsent(output, source));
            }
        }
        Set<String> reaching = new HashSet<>(differentiated);
        List<Node> nodes = graph.nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            boolean passes = node.outputs().stream().anyMatch(o -> reaching.contains(o) && has(o));
            if (passes && !vjps.isConstant(node)) {
                reaching.addAll(node.inputs());
            }
        }
        reaching.stream().filter(this::has).forEach(values::add);
    }

    /** The values whose cotangent is needed. */
    Set<String> values() {
        return values;
    }

    /** A wanted value that the node's inputs depend on; null if there is none. */
    String originOf(Node node) {
        return node.inputs().stream()
                .filter(origin::containsKey)
                .map(origin::get)
                .findFirst()
                .orElse(null);
    }

    private boolean has(String value) {
        return origin.containsKey(value);
    }
}
