package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives sites the names of their modules where the graph tells them, and synthetic ones where it
 * does not; no name twice.
 *
 * <p>The module path is the exporter's scope of the node, or, where there is none or several linear
 * layers share it, the name of the bias or weight less its last part, if nothing else uses that
 * initializer.
 */
final class SiteNames {
    private final Walk walk;
    private final Map<String, Integer> scopes = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Set<String> given = new HashSet<>();

    /** Names for a graph with these linear layers. */
    SiteNames(Walk walk, List<LinearLayer> layers) {
        this.walk = walk;
        layers.forEach(layer -> scopes.merge(layer.product().modulePath(), 1, Integer::sum));
        layers.forEach(layer -> uses.merge(path(layer), 1, Integer::sum));
    }

    /** The module path of a linear layer, or "". */
    String path(LinearLayer layer) {
        return path(layer.product(), layer.bias(), layer.weight());
    }

    /** The module path of a node with a bias and a weight, or "". */
    String path(Node node, String bias, String weight) {
        String scope = node.modulePath();
        String byBias = moduleOf(bias, ".bias");
        String byName = byBias.isEmpty() ? moduleOf(weight, ".weight") : byBias;
        boolean shared = scopes.getOrDefault(scope, 0) > 1 && byName.startsWith(scope + ".");
        return scope.isEmpty() || shared ? byName : scope;
    }

    private String moduleOf(String initializer, String ending) {
        boolean own = initializer.endsWith(ending) && walk.consumers(initializer).size() == 1;
        return own ? initializer.substring(0, initializer.length() - ending.length()) : "";
    }

    /**
     * The name of a linear layer: its path if it is the only one of that path, its path and {@code
     * label} if not, {@code synthetic} if it has none.
     */
    String linear(LinearLayer layer, String label, String synthetic) {
        String path = path(layer);
        if (path.isEmpty()) {
            return unique(synthetic);
        }
        return unique(uses.get(path) == 1 ? path : path + "." + label);
    }

    /** The name, or the name and a number if it was given before. */
    String unique(String name) {
        String unique = name;
        for (int i = 2; !given.add(unique); i++) {
            unique = name + "." + i;
        }
        return unique;
    }
}
