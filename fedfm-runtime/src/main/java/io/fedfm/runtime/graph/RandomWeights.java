package io.fedfm.runtime.graph;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Replaces a backbone's trained weights by random ones: the control that tells what pretraining is
 * worth.
 *
 * <p>Matrices are drawn from N(0, 0.02^2), as BERT starts; vectors that multiply become 1 and
 * vectors that are added become 0. Scalars and integers, which are part of the formula, stay.
 */
public final class RandomWeights {
    private static final double DEVIATION = 0.02;

    private RandomWeights() {}

    /**
     * A copy of the graph with random weights.
     *
     * @throws FedFmException MODEL_UNSUPPORTED if the weights are integers
     */
    public static Graph draw(Graph graph, long seed) {
        if (graph.initializers().values().stream()
                .anyMatch(t -> t.shape().length > 1 && QuantisedWeights.isNarrow(t))) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "a quantised model has no random weights; take the float32 model, or set"
                            + " model.weights: pretrained");
        }
        Graph copy = graph.copy();
        Random random = new Random(seed);
        Map<String, List<Node>> consumers = graph.consumers();
        graph.initializers()
                .forEach(
                        (name, tensor) -> {
                            boolean weight =
                                    tensor.type() == ElementType.FLOAT
                                            && tensor.size() > 1
                                            && largest(tensor.shape()) > 1;
                            if (weight) {
                                copy.addInitializer(
                                        name,
                                        draw(
                                                name,
                                                tensor,
                                                consumers.getOrDefault(name, List.of()),
                                                random));
                            }
                        });
        return copy;
    }

    private static Tensor draw(String name, Tensor tensor, List<Node> consumers, Random random) {
        float[] values = new float[Math.toIntExact(tensor.size())];
        boolean vector = tensor.size() == largest(tensor.shape());
        boolean gain = consumers.stream().anyMatch(node -> multiplies(node, name));
        for (int i = 0; i < values.length; i++) {
            values[i] = vector ? (gain ? 1 : 0) : (float) (DEVIATION * random.nextGaussian());
        }
        return Tensor.floats(values, tensor.shape());
    }

    private static boolean multiplies(Node node, String name) {
        return switch (node.op()) {
            case "Mul", "Div" -> true;
            case "LayerNormalization", "RMSNormalization" -> node.input(1).equals(name);
            // Scale and running variance.
            case "BatchNormalization" -> node.input(1).equals(name) || node.input(4).equals(name);
            default -> false;
        };
    }

    private static long largest(long[] shape) {
        return java.util.Arrays.stream(shape).max().orElse(1);
    }
}
