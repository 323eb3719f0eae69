package io.fedfm.runtime.data.image;

import java.lang.ref.SoftReference;
import java.nio.file.Path;

/**
 * The pixels of a file: kept as bytes as long as there is memory for them, and read again where
 * there is not.
 */
public final class Pixels {
    private final Path file;
    private final ImageProcessing processing;
    private SoftReference<byte[]> kept;

    private Pixels(Path file, ImageProcessing processing, byte[] samples) {
        this.file = file;
        this.processing = processing;
        this.kept = new SoftReference<>(samples);
    }

    /**
     * Those of this file.
     *
     * @throws io.fedfm.api.FedFmException FILE_UNREADABLE, or DATA_INVALID if it is not such an
     *     image
     */
    static Pixels read(Path file, ImageProcessing processing) {
        return new Pixels(file, processing, processing.read(file));
    }

    /**
     * Unsigned bytes [height, width, 3], of the size that the backbone takes; not to be changed.
     */
    public synchronized byte[] get() {
        byte[] samples = kept.get();
        if (samples == null) {
            samples = processing.read(file);
            kept = new SoftReference<>(samples);
        }
        return samples;
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
