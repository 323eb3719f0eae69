package io.fedfm.runtime.federation;

/** Measures the parts of a round, in seconds. */
final class Stopwatch {
    private final long start = System.nanoTime();
    private long lapStart = start;

    /** The time since the last lap, or since the start. */
    double lap() {
        long now = System.nanoTime();
        double seconds = (now - lapStart) / 1e9;
        lapStart = now;
        return seconds;
    }

    /** The time since the start. */
    double total() {
        return (System.nanoTime() - start) / 1e9;
    }
}
