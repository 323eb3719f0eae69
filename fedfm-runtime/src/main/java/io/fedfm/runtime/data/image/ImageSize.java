package io.fedfm.runtime.data.image;

/** Height and width in pixels, both positive. */
public record ImageSize(int height, int width) {
    /** Checks the numbers. */
    public ImageSize {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("an image of " + height + " x " + width + " pixels");
        }
    }

    /** The number of pixels. */
    public int pixels() {
        return Math.multiplyExact(height, width);
    }

    @Override
    public String toString() {
        return height + " x " + width;
    }
}
