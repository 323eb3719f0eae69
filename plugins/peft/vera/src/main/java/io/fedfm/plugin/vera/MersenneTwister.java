package io.fedfm.plugin.vera;

/**
 * The generator MT19937 (Matsumoto and Nishimura 1998), which is PyTorch's on a CPU: the same seed
 * gives the same numbers.
 */
final class MersenneTwister {
    private static final int SIZE = 624;
    private static final int SHIFT = 397;
    private static final int TWIST = 0x9908b0df;

    private final int[] state = new int[SIZE];
    private int next = SIZE;

    /** Only the lower 32 bits of a seed count. */
    MersenneTwister(long seed) {
        state[0] = (int) seed;
        for (int i = 1; i < SIZE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /** From 0 to 1, of 24 random bits. */
    float nextFloat() {
        return (nextInt() & 0xffffff) * 0x1p-24f;
    }

    /** Drops this many numbers. */
    void skip(int count) {
        for (int i = 0; i < count; i++) {
            nextInt();
        }
    }

    int nextInt() {
        if (next == SIZE) {
            twist();
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    private void twist() {
        for (int i = 0; i < SIZE; i++) {
            int y = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
            state[i] = state[(i + SHIFT) % SIZE] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : TWIST);
        }
        next = 0;
    }
}
