package io.fedfm.runtime.weave;

import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.TiedWeights;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What becomes of a graph whose weights are promoted. */
final class PromotedWeights {
    private PromotedWeights() {}

    /**
     * Ties heads to the word embeddings again where these are promoted: the folded copies would
     * stay behind.
     *
     * @param graph that is woven; the promoted weights are its inputs already
     * @param backbone the same before
     * @return folded matrix to the value that takes its place
     */
    static Map<String, String> tie(Graph graph, Graph backbone) {
        Map<String, String> replaced = new HashMap<>();
        boolean promoted =
                backbone.initializers().keySet().stream().anyMatch(graph.inputs()::containsKey);
        if (!promoted) {
            return replaced;
        }
        GraphBuilder builder = new GraphBuilder(graph, "tied");
        TiedWeights.of(backbone)
                .forEach(
                        (matrix, table) -> {
                            boolean own = graph.inputs().containsKey(matrix);
                            if (graph.inputs().containsKey(table) && !own) {
                                graph.removeInitializer(matrix);
                                // ONNX Runtime takes the transpose into the product.
                                replaced.put(matrix, builder.transpose(table, 1, 0));
                            }
                        });
        return replaced;
    }

    /**
     * The parameters without promoted weights that the loss does not depend on, such as those of a
     * pooler that the task leaves out: they stay constants.
     */
    static List<Trainable> used(
            Graph graph, List<Trainable> trainables, Set<String> promoted, String loss) {
        Set<String> needed = needed(graph, loss);
        return trainables.stream()
                .filter(
                        trainable -> {
                            String name = trainable.name();
                            boolean idle = promoted.contains(name) && !needed.contains(name);
                            if (idle && !trainable.head()) {
                                graph.removeInput(name);
                                graph.addInitializer(name, trainable.value());
                                return false;
                            }
                            return true;
                        })
                .toList();
    }

    private static Set<String> needed(Graph graph, String loss) {
        Set<String> needed = new HashSet<>(Set.of(loss));
        List<Node> nodes = graph.nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (nodes.get(i).outputs().stream().anyMatch(needed::contains)) {
                needed.addAll(nodes.get(i).inputs());
            }
        }
        return needed;
    }
}
