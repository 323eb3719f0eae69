package io.fedfm.runtime.graph;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Views of files; the memory goes back when a view can no longer be reached. */
final class MappedFile {
    private MappedFile() {}

    /** The whole file, which is below 2 GiB. */
    static ByteBuffer whole(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size());
        }
    }

    /** A part of the file, itself below 2 GiB. */
    static ByteBuffer part(Path file, long offset, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(MapMode.READ_ONLY, offset, length);
        }
    }

    /** Memory that can be written, in a file that is gone once nothing can reach it. */
    static ByteBuffer scratch(int bytes) throws IOException {
        Path file = Files.createTempFile("fedfm", ".tensor");
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE)) {
            return channel.map(MapMode.READ_WRITE, 0, bytes);
        }
    }
}
