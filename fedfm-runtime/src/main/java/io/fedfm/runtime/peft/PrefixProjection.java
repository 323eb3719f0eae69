package io.fedfm.runtime.peft;

import io.fedfm.api.tensor.ParameterVector;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The prefixes that a network makes: {@code tanh(E A^T + a) B^T + b} with E [tokens, width], A
 * [inner, width] and a [inner] for all attentions, and B [keys and values, inner] and b for each.
 * PEFT saves them instead of the network.
 *
 * @param sites names of the attentions, in the order of the layers
 * @param tokens the length of the prefix
 * @param inner the width in the middle
 */
record PrefixProjection(List<String> sites, int tokens, int inner) {
    private static final String EMBEDDING = "prefix_embedding";
    private static final String WEIGHT = "prefix_encoder_weight";
    private static final String BIAS = "prefix_encoder_bias";
    private static final String SITE_WEIGHT = ".prefix_projection_weight";
    private static final String SITE_BIAS = ".prefix_projection_bias";

    /** The parameters that prefixes are made from. */
    List<String> parameters() {
        List<String> names = new ArrayList<>(List.of(EMBEDDING, WEIGHT, BIAS));
        for (String site : sites) {
            names.add(site + SITE_WEIGHT);
            names.add(site + SITE_BIAS);
        }
        return names;
    }

    /** Keys and values of all layers, [tokens, layers x keys and values]. */
    float[] values(ParameterVector parameters) {
        float[] hidden =
                product(
                        parameters.floats(EMBEDDING),
                        parameters.floats(WEIGHT),
                        parameters.floats(BIAS));
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = (float) Math.tanh(hidden[i]);
        }
        List<float[]> layers = new ArrayList<>();
        for (String site : sites) {
            layers.add(
                    product(
                            FloatBuffer.wrap(hidden),
                            parameters.floats(site + SITE_WEIGHT),
                            parameters.floats(site + SITE_BIAS)));
        }
        FloatBuffer rows = FloatBuffer.allocate(layers.stream().mapToInt(l -> l.length).sum());
        for (int token = 0; token < tokens; token++) {
            for (float[] layer : layers) {
                int width = layer.length / tokens;
                rows.put(layer, token * width, width);
            }
        }
        return rows.array();
    }

    /** {@code a b^T + c}, a row for each token. */
    private float[] product(FloatBuffer a, FloatBuffer b, FloatBuffer c) {
        int columns = c.capacity();
        int depth = a.capacity() / tokens;
        float[] result = new float[tokens * columns];
        for (int row = 0; row < tokens; row++) {
            for (int column = 0; column < columns; column++) {
                double sum = c.get(column);
                for (int k = 0; k < depth; k++) {
                    sum += (double) a.get(row * depth + k) * b.get(column * depth + k);
                }
                result[row * columns + column] = (float) sum;
            }
        }
        return result;
    }
}
