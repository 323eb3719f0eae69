package io.fedfm.runtime.data;

import io.fedfm.runtime.data.image.Pixels;

/**
 * An image and its class.
 *
 * @param pixels of the size that the backbone takes
 * @param label the index of its class
 */
public record ImageRow(Pixels pixels, int label) implements Row {
    @Override
    public int task() {
        return 0;
    }

    @Override
    public int length() {
        return 1;
    }
}
