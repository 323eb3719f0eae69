package io.fedfm.runtime.oracle;

/**
 * How far a number or a tensor is from what it should be: {@code |a - b| / |b|}, where |b| may
 * count as something at least.
 */
final class RelativeDifference {
    private RelativeDifference() {}

    /** Of two tensors, in the Euclidean norm; 0 if both are zero. */
    static double of(float[] a, float[] b) {
        return of(a, b, 0);
    }

    /** Of two tensors, where the norm of b counts as {@code least} at least. */
    static double of(float[] a, float[] b, double least) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(a.length + " elements against " + b.length);
        }
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < a.length; i++) {
            difference += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
            norm += (double) b[i] * b[i];
        }
        return ratio(Math.sqrt(difference), Math.max(least, Math.sqrt(norm)));
    }

    /** Of two numbers; 0 if both are zero. */
    static double of(double a, double b) {
        return of(a, b, 0);
    }

    /** Of two numbers, where b counts as {@code least} at least. */
    static double of(double a, double b, double least) {
        return ratio(Math.abs(a - b), Math.max(least, Math.abs(b)));
    }

    /** The Euclidean norm. */
    static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    private static double ratio(double difference, double norm) {
        return difference == 0 ? 0 : difference / norm;
    }
}
