package io.fedfm.runtime.data.image;

import java.util.List;

/**
 * From bytes to the numbers that a backbone takes: (x * factor - mean) / std for each channel, in
 * single precision and in the order in which NumPy computes it for Hugging Face's processors.
 */
public final class Normalisation {
    /** Red, green and blue. */
    public static final int CHANNELS = 3;

    private final float[][] values = new float[CHANNELS][256];

    /**
     * A normalisation.
     *
     * @param factor that bytes are multiplied with; 1 leaves them
     * @param mean of each channel
     * @param std of each channel
     */
    Normalisation(double factor, List<Double> mean, List<Double> std) {
        for (int c = 0; c < CHANNELS; c++) {
            for (int x = 0; x < 256; x++) {
                float scaled = (float) (x * factor);
                values[c][x] = (scaled - mean.get(c).floatValue()) / std.get(c).floatValue();
            }
        }
    }

    /**
     * Writes an image with its channels first.
     *
     * @param samples unsigned bytes [height, width, 3]
     * @param target gets [3, height, width]
     * @param offset where it begins in the target
     */
    public void write(byte[] samples, float[] target, int offset) {
        int pixels = samples.length / CHANNELS;
        for (int i = 0; i < pixels; i++) {
            for (int c = 0; c < CHANNELS; c++) {
                target[offset + c * pixels + i] = values[c][samples[CHANNELS * i + c] & 0xFF];
            }
        }
    }
}
