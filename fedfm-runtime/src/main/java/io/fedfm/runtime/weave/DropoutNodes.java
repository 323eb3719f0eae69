package io.fedfm.runtime.weave;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.GraphBuilder;

/**
 * Dropout as nodes: a mask that is a hash of each element's index and a seed, the same on every
 * machine.
 *
 * <p>With M = 2^31 - 1 and i the row-major index modulo M, the hash is u = (48271 i + s) mod M,
 * then u = (u^2 + 12345) mod M, then u = (69621 u + s) mod M; an element is kept where u is at
 * least p M, and scaled by 1 / (1 - p). {@code io.fedfm.api.tensor.DjlOps} computes the same.
 */
final class DropoutNodes {
    /** The graph's int64 scalar input that seeds all masks of a step. */
    static final String SEED = "dropout_seed";

    private static final long MODULUS = 2147483647L;

    private final long first;
    private long count;

    /** The masks of the module with this index; a module has a range of seeds of its own. */
    DropoutNodes(int module) {
        this.first = firstDropout(module);
    }

    /** The number of a module's first dropout. */
    static long firstDropout(int module) {
        return 1000L * module;
    }

    /** The seed of the k-th dropout in a step. */
    static long seed(long stepSeed, long k) {
        return Math.floorMod(stepSeed + 7919 * k, MODULUS);
    }

    String apply(GraphBuilder b, String value, double probability) {
        String modulus = b.integer(MODULUS);
        String seed = mod(b, b.op("Add", SEED, b.integer(7919 * (first + count++))), modulus);
        String shape = b.op("Shape", value);
        String size = b.op("ReduceProd", Attributes.of("keepdims", 0), shape);
        String index = mod(b, b.op("Range", b.integer(0), size, b.integer(1)), modulus);
        String u = mod(b, b.op("Add", b.op("Mul", index, b.integer(48271)), seed), modulus);
        u = mod(b, b.op("Add", b.op("Mul", u, u), b.integer(12345)), modulus);
        u = mod(b, b.op("Add", b.op("Mul", u, b.integer(69621)), seed), modulus);
        String kept =
                b.op("GreaterOrEqual", u, b.integer((long) Math.floor(probability * MODULUS)));
        String mask = b.op("Reshape", b.cast(kept, ElementType.FLOAT), shape);
        return b.op("Mul", value, b.op("Mul", mask, b.scalar(1 / (1 - probability))));
    }

    private static String mod(GraphBuilder b, String value, String modulus) {
        return b.op("Mod", value, modulus);
    }
}
