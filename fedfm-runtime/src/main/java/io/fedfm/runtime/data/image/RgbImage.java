package io.fedfm.runtime.data.image;

import java.util.Arrays;

/**
 * An image of red, green and blue.
 *
 * @param size height and width
 * @param samples unsigned bytes [height, width, 3]; kept, not copied, and never written to
 */
record RgbImage(ImageSize size, byte[] samples) {
    RgbImage {
        if (samples.length != 3 * size.pixels()) {
            throw new IllegalArgumentException(samples.length + " samples of " + size + " pixels");
        }
    }

    /** The middle of it, rounded up and to the left as Hugging Face's {@code center_crop} does. */
    RgbImage centre(ImageSize crop) {
        if (crop.height() > size.height() || crop.width() > size.width()) {
            throw new IllegalArgumentException("cannot cut " + crop + " from " + size);
        }
        int top = (size.height() - crop.height()) / 2;
        int left = (size.width() - crop.width()) / 2;
        byte[] cut = new byte[3 * crop.pixels()];
        for (int y = 0; y < crop.height(); y++) {
            int from = 3 * ((top + y) * size.width() + left);
            System.arraycopy(samples, from, cut, 3 * y * crop.width(), 3 * crop.width());
        }
        return new RgbImage(crop, cut);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RgbImage image
                && size.equals(image.size)
                && Arrays.equals(samples, image.samples);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(samples);
    }
}
