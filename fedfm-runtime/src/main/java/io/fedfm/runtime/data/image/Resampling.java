package io.fedfm.runtime.data.image;

import java.util.function.DoubleUnaryOperator;

/**
 * Resizes images bit for bit as Pillow's {@code Image.resize} does: a convolution along rows, then
 * one along columns, with weights of 22 fractional bits and 8-bit samples between the two. The
 * filter is as wide as the reduction, so that nothing aliases.
 */
enum Resampling {
    /** A triangle. */
    BILINEAR(1, x -> Math.max(0, 1 - Math.abs(x))),
    /** Keys's cubic convolution with a = -0.5. */
    BICUBIC(2, Resampling::cubic);

    private static final int BITS = 22;

    private final double support;
    private final DoubleUnaryOperator filter;

    Resampling(double support, DoubleUnaryOperator filter) {
        this.support = support;
        this.filter = filter;
    }

    RgbImage resize(RgbImage image, ImageSize wanted) {
        ImageSize size = image.size();
        byte[] samples = image.samples();
        if (wanted.width() != size.width()) {
            Weights[] weights = weights(size.width(), wanted.width());
            samples = convolve(samples, size.height(), size.width(), 3, weights);
        }
        if (wanted.height() != size.height()) {
            Weights[] weights = weights(size.height(), wanted.height());
            samples = convolve(samples, 1, size.height(), 3 * wanted.width(), weights);
        }
        return new RgbImage(wanted, samples);
    }

    /** What one sample of the result is made of: the weights of those from {@code first} on. */
    private record Weights(int first, int[] values) {}

    private Weights[] weights(int from, int to) {
        double scale = (double) from / to;
        double stretch = Math.max(1, scale);
        double reach = support * stretch;
        Weights[] weights = new Weights[to];
        for (int i = 0; i < to; i++) {
            double centre = (i + 0.5) * scale;
            int first = Math.max(0, (int) (centre - reach + 0.5));
            int end = Math.min(from, (int) (centre + reach + 0.5));
            double[] exact = new double[end - first];
            double sum = 0;
            double inverse = 1 / stretch;
            for (int x = 0; x < exact.length; x++) {
                exact[x] = filter.applyAsDouble((x + first - centre + 0.5) * inverse);
                sum += exact[x];
            }
            weights[i] = new Weights(first, fixed(exact, sum));
        }
        return weights;
    }

    private static int[] fixed(double[] exact, double sum) {
        int[] values = new int[exact.length];
        for (int x = 0; x < values.length; x++) {
            double value = sum == 0 ? exact[x] : exact[x] / sum;
            values[x] = (int) (Math.copySign(0.5, value) + value * (1 << BITS));
        }
        return values;
    }

    /** Along the middle axis of [before, length, after]. */
    private static byte[] convolve(
            byte[] samples, int before, int length, int after, Weights[] weights) {
        byte[] result = new byte[Math.multiplyExact(before * weights.length, after)];
        for (int b = 0; b < before; b++) {
            for (int i = 0; i < weights.length; i++) {
                int[] values = weights[i].values();
                int start = (b * length + weights[i].first()) * after;
                int target = (b * weights.length + i) * after;
                for (int a = 0; a < after; a++) {
                    int sum = 1 << (BITS - 1);
                    for (int x = 0; x < values.length; x++) {
                        sum += (samples[start + x * after + a] & 0xFF) * values[x];
                    }
                    result[target + a] = (byte) Math.max(0, Math.min(255, sum >> BITS));
                }
            }
        }
        return result;
    }

    private static double cubic(double at) {
        double a = -0.5;
        double x = Math.abs(at);
        if (x < 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }
}
