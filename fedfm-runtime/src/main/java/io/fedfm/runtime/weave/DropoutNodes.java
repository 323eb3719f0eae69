package io.fedfm.runtime.weave;

import io.fedfm.api.tensor.DropoutStream;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.GraphBuilder;

/** Dropout as nodes: the masks that {@link DropoutStream} describes, computed inside the step. */
final class DropoutNodes {
    /** The graph's int64 scalar input that seeds all masks of a step. */
    static final String SEED = "dropout_seed";

    /** Seeds that each module has to itself. */
    private static final long RANGE = 1000;

    private final long first;
    private long count;

    /** The masks of the module with this index. */
    DropoutNodes(int module) {
        this.first = RANGE * module;
    }

    /** The same seeds for an interpreter of the module with this index. */
    static DropoutStream stream(int module, long stepSeed) {
        return new DropoutStream(stepSeed + DropoutStream.STRIDE * RANGE * module);
    }

    String apply(GraphBuilder b, String value, double probability) {
        String modulus = b.integer(DropoutStream.MODULUS);
        String seed =
                mod(
                        b,
                        b.op("Add", SEED, b.integer(DropoutStream.STRIDE * (first + count++))),
                        modulus);
        String shape = b.op("Shape", value);
        String size = b.op("ReduceProd", Attributes.of("keepdims", 0), shape);
        String index = mod(b, b.op("Range", b.integer(0), size, b.integer(1)), modulus);
        String u =
                mod(
                        b,
                        b.op(
                                "Add",
                                b.op("Mul", index, b.integer(DropoutStream.INDEX_FACTOR)),
                                seed),
                        modulus);
        u = mod(b, b.op("Add", b.op("Mul", u, u), b.integer(DropoutStream.SQUARE_OFFSET)), modulus);
        u =
                mod(
                        b,
                        b.op("Add", b.op("Mul", u, b.integer(DropoutStream.LAST_FACTOR)), seed),
                        modulus);
        String kept = b.op("GreaterOrEqual", u, b.integer(DropoutStream.threshold(probability)));
        String mask = b.op("Reshape", b.cast(kept, ElementType.FLOAT), shape);
        return b.op("Mul", value, b.op("Mul", mask, b.scalar(1 / (1 - probability))));
    }

    private static String mod(GraphBuilder b, String value, String modulus) {
        return b.op("Mod", value, modulus);
    }
}
