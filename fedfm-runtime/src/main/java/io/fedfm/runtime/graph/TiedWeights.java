package io.fedfm.runtime.graph;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the weights of language-model heads that are the word embeddings: exporters fold the
 * transpose of the table into a constant of its own, and what was one parameter looks like two.
 */
public final class TiedWeights {
    private TiedWeights() {}

    /** The name of each folded matrix to the name of the table whose transpose it is. */
    public static Map<String, String> of(Graph graph) {
        Map<String, Tensor> tables = new LinkedHashMap<>();
        Map<String, Tensor> matrices = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            if (node.is("Gather") && node.attributes().integer("axis", 0) == 0) {
                matrix(graph, node.input(0)).ifPresent(t -> tables.put(node.input(0), t));
            } else if (node.is("MatMul")) {
                matrix(graph, node.input(1)).ifPresent(t -> matrices.put(node.input(1), t));
            }
        }
        Map<String, String> tied = new HashMap<>();
        matrices.forEach(
                (matrix, value) ->
                        tables.forEach(
                                (table, rows) -> {
                                    if (!matrix.equals(table) && isTranspose(value, rows)) {
                                        tied.putIfAbsent(matrix, table);
                                    }
                                }));
        return tied;
    }

    private static Optional<Tensor> matrix(Graph graph, String name) {
        return Optional.ofNullable(graph.initializers().get(name))
                .filter(t -> t.type() == ElementType.FLOAT && t.shape().length == 2);
    }

    private static boolean isTranspose(Tensor matrix, Tensor table) {
        int rows = (int) table.shape()[0];
        int columns = (int) table.shape()[1];
        if (matrix.shape()[0] != columns || matrix.shape()[1] != rows || matrix.size() < 2) {
            return false;
        }
        ByteBuffer a = matrix.data();
        ByteBuffer b = table.data();
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                if (a.getInt(4 * (j * rows + i)) != b.getInt(4 * (i * columns + j))) {
                    return false;
                }
            }
        }
        return true;
    }
}
