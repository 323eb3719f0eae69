package io.fedfm.api.tensor;

import java.util.function.LongSupplier;

/**
 * The seeds of the dropouts of one step, and the integer hash that turns a seed into a mask.
 *
 * <p>Every interpreter of {@link TensorOps} draws the same masks. The dropout with the number
 * {@code k} has the seed {@code s = (seed + 7919 k) mod M}; one that does nothing (in evaluation,
 * or with probability 0) draws no seed. The element at the flat row-major index {@code i} is hashed
 * in 64-bit whole numbers as
 *
 * <pre>
 * u = (48271 i + s) mod M,   u = (u u + 12345) mod M,   u = (69621 u + s) mod M
 * </pre>
 *
 * and kept where {@code u >= floor(p M)}.
 */
public final class DropoutStream implements LongSupplier {
    /** {@code M}, the prime 2^31 - 1. */
    public static final long MODULUS = 2147483647L;

    /** The difference between the seeds of two dropouts that follow each other. */
    public static final long STRIDE = 7919L;

    /** The factor of the index. */
    public static final long INDEX_FACTOR = 48271L;

    /** What is added to the square. */
    public static final long SQUARE_OFFSET = 12345L;

    /** The factor of the last round. */
    public static final long LAST_FACTOR = 69621L;

    private long next;

    /** The stream of this seed; its dropouts are numbered from 0. */
    public DropoutStream(long seed) {
        this.next = Math.floorMod(seed, MODULUS);
    }

    /** The seed of the next dropout, from 0 to {@code M - 1}. */
    @Override
    public long getAsLong() {
        long seed = next;
        next = (next + STRIDE) % MODULUS;
        return seed;
    }

    /** {@code floor(p M)}: an element is kept if its hash is not below. */
    public static long threshold(double probability) {
        if (!(probability >= 0 && probability < 1)) {
            throw new IllegalArgumentException(
                    "a dropout's probability is from 0 to below 1, was " + probability);
        }
        return (long) Math.floor(probability * MODULUS);
    }
}
