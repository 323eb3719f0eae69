package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.stream.IntStream;

/** Convolutions and pooling of images. */
final class Images {
    private Images() {}

    static Map<String, Operator> all() {
        return Map.of(
                "Conv", Operator.one(Images::convolve),
                "AveragePool", Operator.one(Images::averagePool),
                "MaxPool", Operator.one(Images::maxPool),
                "GlobalAveragePool", Operator.one(Images::globalAveragePool));
    }

    private static NDArray convolve(Call call) {
        return call.input(0)
                .getNDArrayInternal()
                .convolution(
                        call.input(0),
                        call.input(1),
                        call.input(2),
                        sizes(call, "strides", 1),
                        padding(call),
                        sizes(call, "dilations", 1),
                        Math.toIntExact(call.attributes().integer("group", 1)))
                .get(0);
    }

    private static NDArray averagePool(Call call) {
        boolean counts = call.attributes().integer("count_include_pad", 0) == 1;
        return call.input(0)
                .getNDArrayInternal()
                .avgPool(
                        new Shape(call.attributes().integers("kernel_shape")),
                        sizes(call, "strides", 1),
                        padding(call),
                        call.attributes().integer("ceil_mode", 0) == 1,
                        counts);
    }

    private static NDArray maxPool(Call call) {
        return call.input(0)
                .getNDArrayInternal()
                .maxPool(
                        new Shape(call.attributes().integers("kernel_shape")),
                        sizes(call, "strides", 1),
                        padding(call),
                        call.attributes().integer("ceil_mode", 0) == 1);
    }

    private static NDArray globalAveragePool(Call call) {
        return DjlArrays.mean(call.input(0), IntStream.range(2, call.rank(0)).toArray(), true);
    }

    private static Shape sizes(Call call, String attribute, long defaultSize) {
        long[] given = call.attributes().integers(attribute);
        return given == null
                ? new Shape(IntStream.range(2, call.rank(0)).mapToLong(i -> defaultSize).toArray())
                : new Shape(given);
    }

    /** The same on both sides, which is all that the engine's operators take. */
    private static Shape padding(Call call) {
        Shape pads = sizes(call, "pads", 0);
        int axes = call.rank(0) - 2;
        boolean automatic = !call.attributes().text("auto_pad", "NOTSET").equals("NOTSET");
        boolean even = pads.dimension() == axes || pads.slice(0, axes).equals(pads.slice(axes));
        if (automatic || !even) {
            throw call.unsupported("pads unevenly: " + pads);
        }
        return pads.slice(0, axes);
    }
}
