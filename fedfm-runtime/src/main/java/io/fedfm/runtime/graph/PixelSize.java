package io.fedfm.runtime.graph;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.List;

/**
 * The size of the images that a backbone takes: as declared, else from the patch convolution that
 * reads them and the number of position embeddings.
 */
public final class PixelSize {
    /** A class token, or one and a distillation token, beside the patches. */
    private static final int MOST_TOKENS = 2;

    private PixelSize() {}

    /**
     * Channels, height and width of this input.
     *
     * @throws FedFmException MODEL_UNSUPPORTED if they cannot be told
     */
    public static long[] of(Graph graph, ValueInfo input) {
        List<String> declared = input.dimensions().subList(1, 4);
        long[] size = new long[3];
        for (int i = 0; i < size.length; i++) {
            size[i] =
                    ValueInfos.isNumber(declared.get(i))
                            ? Long.parseLong(declared.get(i))
                            : deduced(graph, input, i);
        }
        return size;
    }

    private static long deduced(Graph graph, ValueInfo input, int axis) {
        for (Node node : graph.nodes()) {
            Tensor kernel = graph.initializers().get(node.input(1));
            if (node.is("Conv") && node.input(0).equals(input.name()) && kernel != null) {
                long[] shape = kernel.shape();
                if (axis == 0) {
                    return shape[1] * node.attributes().integer("group", 1);
                }
                long side = patchesPerSide(graph, shape[0]);
                if (side > 0) {
                    return side * shape[axis + 1];
                }
            }
        }
        throw new FedFmException(
                ErrorCode.MODEL_UNSUPPORTED,
                "input '"
                        + input.name()
                        + "' does not say its size; export it with numbers for channels, height"
                        + " and width");
    }

    /** From a constant [1, patches and tokens, width] that is added to what has this width. */
    private static long patchesPerSide(Graph graph, long width) {
        for (Node node : graph.nodes()) {
            for (String name : node.is("Add") ? node.inputs() : List.<String>of()) {
                Tensor constant = graph.initializers().get(name);
                if (constant != null
                        && constant.shape().length == 3
                        && constant.shape()[1] > 1
                        && constant.shape()[2] == width) {
                    for (int tokens = 0; tokens <= MOST_TOKENS; tokens++) {
                        long side = Math.round(Math.sqrt(constant.shape()[1] - tokens));
                        if (side * side == constant.shape()[1] - tokens) {
                            return side;
                        }
                    }
                }
            }
        }
        return 0;
    }
}
