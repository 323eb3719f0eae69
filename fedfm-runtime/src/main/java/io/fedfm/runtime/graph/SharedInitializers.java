package io.fedfm.runtime.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives back to every module the parameters that exporters have merged because their values were
 * equal, as the zero biases of a fresh model are.
 *
 * <p>A parameter that modules share on purpose stays one: that of a module which is called
 * repeatedly, a table in which rows are looked up (the product with the vocabulary may read it
 * too), and one that is used where the graph names no modules, unless all of its values are the
 * same.
 */
final class SharedInitializers {
    private final Graph graph;
    private final ModuleScopes scopes;

    /** What already reads an initializer: module and role to the name it is read by. */
    private final Map<String, Map<Use, String>> names = new HashMap<>();

    private SharedInitializers(Graph graph) {
        this.graph = graph;
        this.scopes = new ModuleScopes(graph);
    }

    /**
     * One use of a parameter.
     *
     * @param module its path; the name of the node where it has none
     * @param role the last part of the parameter's name
     */
    private record Use(String module, String role) {}

    /** Rewrites a graph in place. */
    static void separate(Graph graph) {
        new SharedInitializers(graph).run();
    }

    private void run() {
        Map<String, Map<Use, Node>> uses = uses();
        uses.entrySet().removeIf(entry -> !isMerged(entry.getKey(), entry.getValue()));
        uses.forEach((name, users) -> names.put(name, separate(name, users)));
        List<Node> rewired = new ArrayList<>();
        for (Node node : graph.nodes()) {
            List<String> inputs = new ArrayList<>(node.inputs());
            for (int i = 0; i < inputs.size(); i++) {
                Map<Use, String> own = names.getOrDefault(inputs.get(i), Map.of());
                inputs.set(i, own.getOrDefault(use(node, i), inputs.get(i)));
            }
            rewired.add(inputs.equals(node.inputs()) ? node : node.withInputs(inputs));
        }
        graph.setNodes(rewired);
    }

    /** Initializer to its uses, with the first node of each. */
    private Map<String, Map<Use, Node>> uses() {
        Map<String, Map<Use, Node>> uses = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            for (int i = 0; i < node.inputs().size(); i++) {
                Tensor tensor = graph.initializers().get(node.input(i));
                if (tensor != null && isParameter(tensor)) {
                    uses.computeIfAbsent(node.input(i), k -> new LinkedHashMap<>())
                            .putIfAbsent(use(node, i), node);
                }
            }
        }
        return uses;
    }

    private static boolean isParameter(Tensor tensor) {
        return tensor.type() == ElementType.FLOAT && tensor.shape().length > 0 && tensor.size() > 1;
    }

    private Use use(Node node, int input) {
        String module = scopes.of(node);
        return new Use(module.isEmpty() ? node.name() : module, role(node, input));
    }

    /** Sums and products with more than a vector are tables and masks, not parameters. */
    private String role(Node node, int input) {
        boolean elementwise = node.is("Add") || node.is("Mul");
        Tensor tensor = graph.initializers().get(node.input(input));
        return elementwise && tensor != null && tensor.shape().length > 1
                ? ""
                : ParameterNames.role(node, input);
    }

    private boolean isMerged(String name, Map<Use, Node> uses) {
        boolean parameters = uses.keySet().stream().noneMatch(use -> use.role().isEmpty());
        if (uses.size() < 2 || !parameters) {
            return false;
        }
        boolean known = uses.values().stream().noneMatch(node -> node.modulePath().isEmpty());
        boolean table = uses.values().stream().anyMatch(node -> node.is("Gather"));
        return known && !table || isUniform(graph.initializers().get(name));
    }

    private static boolean isUniform(Tensor tensor) {
        float[] values = tensor.toFloats();
        for (float value : values) {
            if (value != values[0]) {
                return false;
            }
        }
        return true;
    }

    /** The initializer keeps its name in the module it is named after, else in the first one. */
    private Map<Use, String> separate(String name, Map<Use, Node> uses) {
        Use owner =
                uses.keySet().stream()
                        .filter(use -> isOf(name, use))
                        .findFirst()
                        .orElse(uses.keySet().iterator().next());
        String prefix =
                isOf(name, owner) ? name.substring(0, name.length() - path(owner).length()) : "";
        Map<Use, String> separated = new HashMap<>();
        for (Map.Entry<Use, Node> entry : uses.entrySet()) {
            Use use = entry.getKey();
            if (use.equals(owner)) {
                continue;
            }
            boolean named = ParameterNames.isKept(name) && !entry.getValue().modulePath().isEmpty();
            String own = prefix + path(use);
            boolean free = named && !isTaken(own);
            String given = free ? own : graph.freshName(name);
            graph.addInitializer(given, graph.initializers().get(name));
            separated.put(use, given);
        }
        return separated;
    }

    private boolean isTaken(String name) {
        return graph.initializers().containsKey(name) || graph.inputs().containsKey(name);
    }

    private static boolean isOf(String name, Use use) {
        return name.equals(path(use)) || name.endsWith("." + path(use));
    }

    private static String path(Use use) {
        return use.module() + "." + use.role();
    }
}
