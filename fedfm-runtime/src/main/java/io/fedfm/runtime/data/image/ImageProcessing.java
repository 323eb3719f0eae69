package io.fedfm.runtime.data.image;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is done to an image before a backbone sees it: resized, its middle cut out, normalised.
 *
 * @param resize nothing leaves the size
 * @param crop what is cut from the middle; nothing leaves it whole
 * @param normalisation of the bytes
 * @param result the size that must come out: that of the backbone's input
 */
public record ImageProcessing(
        Optional<Resize> resize,
        Optional<ImageSize> crop,
        Normalisation normalisation,
        ImageSize result) {
    /**
     * To another size.
     *
     * @param size of the result; of a square whose side is the shorter edge, if that is set
     * @param byShortestEdge whether height and width keep their ratio
     * @param resampling how
     */
    record Resize(ImageSize size, boolean byShortestEdge, Resampling resampling) {
        RgbImage apply(RgbImage image) {
            return resampling.resize(image, byShortestEdge ? along(image.size()) : size);
        }

        private ImageSize along(ImageSize from) {
            int edge = size.height();
            return from.width() <= from.height()
                    ? new ImageSize(longer(edge, from.height(), from.width()), edge)
                    : new ImageSize(edge, longer(edge, from.width(), from.height()));
        }

        private static int longer(int edge, int longer, int shorter) {
            return (int) ((long) edge * longer / shorter);
        }
    }

    /** The pixels of a file, of the size of the result. */
    public Pixels pixels(Path file) {
        return Pixels.read(file, this);
    }

    byte[] read(Path file) {
        RgbImage image = ImageFile.read(file);
        RgbImage resized = resize.map(r -> r.apply(image)).orElse(image);
        ImageSize wanted = crop.orElse(result);
        boolean fits =
                crop.isPresent()
                        ? resized.size().height() >= wanted.height()
                                && resized.size().width() >= wanted.width()
                        : resized.size().equals(wanted);
        if (!fits) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    file
                            + " has "
                            + image.size()
                            + " pixels, which do not make the "
                            + wanted
                            + " that the backbone takes; set data.image.do_resize to true");
        }
        return (crop.isPresent() ? resized.centre(wanted) : resized).samples();
    }
}
