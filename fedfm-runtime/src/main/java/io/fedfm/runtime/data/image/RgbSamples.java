package io.fedfm.runtime.data.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.Optional;

/**
 * The red, green and blue of decoded images as Pillow's {@code convert("RGB")} gives them: grey is
 * repeated, a palette looked up, alpha dropped, and of 16 bits a channel the upper 8 are kept.
 * Samples are taken as they are stored: Java's own conversion would bend grey along a gamma curve.
 */
final class RgbSamples {
    private RgbSamples() {}

    /** Nothing for pixels of another kind. */
    static Optional<RgbImage> of(BufferedImage image) {
        ColorModel model = image.getColorModel();
        ImageSize size = new ImageSize(image.getHeight(), image.getWidth());
        if (model instanceof IndexColorModel || model instanceof DirectColorModel) {
            return Optional.of(new RgbImage(size, colours(image, size)));
        }
        int type = model.getTransferType();
        int space = model.getColorSpace().getType();
        boolean grey = space == ColorSpace.TYPE_GRAY;
        boolean wide = type == DataBuffer.TYPE_USHORT;
        if (model instanceof ComponentColorModel
                && !model.isAlphaPremultiplied()
                && (grey || space == ColorSpace.TYPE_RGB)
                && (type == DataBuffer.TYPE_BYTE || wide && !grey)) {
            return Optional.of(
                    new RgbImage(size, bands(image.getRaster(), size, grey, wide ? 8 : 0)));
        }
        return Optional.empty();
    }

    private static byte[] colours(BufferedImage image, ImageSize size) {
        byte[] samples = new byte[3 * size.pixels()];
        int[] row = new int[size.width()];
        for (int y = 0; y < size.height(); y++) {
            image.getRGB(0, y, row.length, 1, row, 0, row.length);
            for (int x = 0; x < row.length; x++) {
                int at = 3 * (y * row.length + x);
                samples[at] = (byte) (row[x] >> 16);
                samples[at + 1] = (byte) (row[x] >> 8);
                samples[at + 2] = (byte) row[x];
            }
        }
        return samples;
    }

    private static byte[] bands(Raster raster, ImageSize size, boolean grey, int shift) {
        byte[] samples = new byte[3 * size.pixels()];
        int[] pixel = new int[raster.getNumBands()];
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++) {
                raster.getPixel(raster.getMinX() + x, raster.getMinY() + y, pixel);
                int at = 3 * (y * size.width() + x);
                for (int c = 0; c < 3; c++) {
                    samples[at + c] = (byte) (pixel[grey ? 0 : c] >> shift);
                }
            }
        }
        return samples;
    }
}
