package io.fedfm.runtime.graph;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Read-only views of files; the memory goes back when a view can no longer be reached. */
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
}
