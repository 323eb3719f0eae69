package io.fedfm.runtime.oracle;

/** How far a number or a tensor is from what it should be: {@code |a - b| / |b|}. */
final class RelativeDifference {
    private RelativeDifference() {}

    /** Of two tensors, in the Euclidean norm; 0 if both are zero. */
    static double of(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(a.length + " elements against " + b.length);
        }
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < a.length; i++) {
            difference += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
            norm += (double) b[i] * b[i];
        }
        return ratio(Math.sqrt(difference), Math.sqrt(norm));
    }

    /** Of two numbers; 0 if both are zero. */
    static double of(double a, double b) {
        return ratio(Math.abs(a - b), Math.abs(b));
    }

    private static double ratio(double difference, double norm) {
        return difference == 0 ? 0 : difference / norm;
    }
}
