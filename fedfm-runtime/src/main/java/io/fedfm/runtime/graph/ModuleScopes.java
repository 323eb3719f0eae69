package io.fedfm.runtime.graph;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells the modules of a graph from repeated calls of one.
 *
 * <p>Where a module is called more than once, as ALBERT's one layer is, the TorchScript exporter
 * numbers its scopes: {@code query}, {@code query_1}, {@code query_2}. It is the same module if
 * there is one without the number and no initializer is named after the one with it.
 */
public final class ModuleScopes {
    private static final Pattern NUMBERED = Pattern.compile("(.*[^.])_\\d+");

    private final Set<String> paths = new HashSet<>();
    private final Set<String> named = new HashSet<>();

    /** Of a graph. */
    public ModuleScopes(Graph graph) {
        graph.nodes().forEach(node -> paths.add(node.modulePath()));
        for (String name : graph.initializers().keySet()) {
            for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
                named.add(name.substring(0, dot));
            }
        }
    }

    /** The module that made the node: its path at the first call. */
    public String of(Node node) {
        String path = node.modulePath();
        Matcher numbered = NUMBERED.matcher(path);
        boolean repeated =
                numbered.matches() && paths.contains(numbered.group(1)) && !named.contains(path);
        return repeated ? numbered.group(1) : path;
    }
}
