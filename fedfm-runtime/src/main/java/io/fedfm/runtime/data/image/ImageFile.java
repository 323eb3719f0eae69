package io.fedfm.runtime.data.image;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Reads image files: PNG, JPEG, BMP and GIF of one frame. */
final class ImageFile {
    private static final Set<String> FORMATS = Set.of("png", "jpeg", "bmp", "gif");

    /** As Pillow: what is larger is taken for an attack on memory. */
    private static final long MOST_PIXELS = 178_956_970;

    private ImageFile() {}

    /**
     * The image in a file, as red, green and blue.
     *
     * @throws FedFmException FILE_UNREADABLE, or DATA_INVALID if it is no such image, or damaged
     */
    static RgbImage read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE, file + " cannot be read: " + e.getMessage(), e);
        }
        try (ImageInputStream in =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw invalid(file, "is no PNG, JPEG, BMP or GIF image", null);
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                return read(file, reader, bytes);
            } finally {
                reader.dispose();
            }
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            // Readers of the JDK meet some damage with unchecked exceptions.
            throw invalid(file, "is damaged, or of a kind that is not read: " + e.getMessage(), e);
        }
    }

    private static RgbImage read(Path file, ImageReader reader, byte[] bytes) throws IOException {
        String format = reader.getFormatName().toLowerCase(Locale.ROOT);
        if (!FORMATS.contains(format)) {
            throw invalid(file, "is of the format " + format + ", which is not read", null);
        }
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MOST_PIXELS) {
            throw invalid(file, "has " + pixels + " pixels, more than " + MOST_PIXELS, null);
        }
        if (format.equals("gif")) {
            checkFrame(file, reader, bytes);
        }
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        BufferedImage image = reader.read(0);
        for (String warning : warnings) {
            // The decoder of JPEG fills what is missing with grey, but spare bytes harm nothing.
            if (warning.matches("(Premature|Corrupt).*") && !warning.contains("extraneous")) {
                throw invalid(file, "is damaged: " + warning, null);
            }
        }
        return RgbSamples.of(image)
                .orElseThrow(
                        () ->
                                invalid(
                                        file,
                                        "has pixels of a kind that is not read ("
                                                + image.getColorModel().getNumComponents()
                                                + " channels of "
                                                + image.getColorModel().getPixelSize()
                                                + " bits)",
                                        null));
    }

    private static void checkFrame(Path file, ImageReader reader, byte[] bytes) throws IOException {
        int frames = reader.getNumImages(true);
        if (frames != 1) {
            throw invalid(file, "has " + frames + " frames; an image has one", null);
        }
        int width = (bytes[6] & 0xFF) | (bytes[7] & 0xFF) << 8;
        int height = (bytes[8] & 0xFF) | (bytes[9] & 0xFF) << 8;
        if (reader.getWidth(0) != width || reader.getHeight(0) != height) {
            throw invalid(file, "has a frame that does not fill its screen", null);
        }
    }

    private static FedFmException invalid(Path file, String what, Exception cause) {
        return new FedFmException(
                ErrorCode.DATA_INVALID, file + " " + what + "; convert or remove it", cause);
    }
}
