package io.fedfm.runtime.graph;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The large frozen constants of a backbone in one file, which every session of every thread and
 * process maps.
 *
 * <p>The file lies in a cache under the SHA-256 of its content; each tensor starts on a page.
 * Closing gives up the file, not the tensors that are views of it.
 */
public final class WeightFile implements AutoCloseable {
    /** Tensors below this many bytes stay inside models. */
    public static final int SMALLEST = TensorReader.LARGE;

    private static final int PAGE = 4096;

    /**
     * Where a tensor lies.
     *
     * @param location the file's name in {@link #folder()}
     * @param offset of its first byte
     * @param length in bytes
     */
    public record Slot(String location, long offset, long length) {}

    private final Path file;
    private final Graph backbone;
    private final Map<String, Slot> slots = new HashMap<>();
    private final FileChannel channel;

    private WeightFile(Path file, Graph frozen, Map<String, Long> offsets) throws IOException {
        this.file = file;
        this.backbone = frozen.copy();
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        for (Map.Entry<String, Long> offset : offsets.entrySet()) {
            Tensor tensor = frozen.initializers().get(offset.getKey());
            long length = tensor.data().remaining();
            ByteBuffer view = channel.map(FileChannel.MapMode.READ_ONLY, offset.getValue(), length);
            backbone.addInitializer(
                    offset.getKey(), new Tensor(tensor.type(), tensor.shape(), view));
            slots.put(
                    offset.getKey(),
                    new Slot(file.getFileName().toString(), offset.getValue(), length));
        }
    }

    /**
     * Writes the file, or takes the one that is there.
     *
     * @param backbone the graph whose constants of {@link #SMALLEST} bytes and more go there
     * @param cacheDir the cache folder; made if missing
     * @throws FedFmException RUN_FAILED if it cannot be written, say because the disk is full
     */
    public static WeightFile of(Graph backbone, Path cacheDir) {
        Map<String, Long> offsets = new LinkedHashMap<>();
        long size = 0;
        for (Map.Entry<String, Tensor> entry : backbone.initializers().entrySet()) {
            int bytes = entry.getValue().data().remaining();
            if (bytes >= SMALLEST) {
                offsets.put(entry.getKey(), size);
                size += (bytes + PAGE - 1L) / PAGE * PAGE;
            }
        }
        try {
            Files.createDirectories(cacheDir);
            Path file = cacheDir.resolve(digest(backbone, offsets) + ".weights");
            if (!holds(file, size, backbone, offsets)) {
                write(backbone, offsets, size, file);
            }
            return new WeightFile(file, backbone, offsets);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.RUN_FAILED,
                    "the frozen weights ("
                            + size / (1 << 20)
                            + " MiB) cannot be kept in "
                            + cacheDir
                            + ": "
                            + e
                            + "; free space there or set FEDFM_CACHE to another folder",
                    e);
        }
    }

    /** The backbone, its large constants now views of the file. */
    public Graph backbone() {
        return backbone;
    }

    /** The folder that sessions look for the file in. */
    public Path folder() {
        return file.getParent();
    }

    /** The file's name in {@link #folder()}. */
    public String location() {
        return file.getFileName().toString();
    }

    /** The size of the tensors in the file, in bytes. */
    public long bytes() {
        return slots.values().stream().mapToLong(Slot::length).sum();
    }

    /** Where a constant lies; empty unless this very tensor of {@link #backbone()} is there. */
    public Optional<Slot> slot(String name, Tensor tensor) {
        return backbone.initializers().get(name) == tensor
                ? Optional.ofNullable(slots.get(name))
                : Optional.empty();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new FedFmException(ErrorCode.RUN_FAILED, file + " cannot be closed: " + e, e);
        }
    }

    /** Of each tensor's place and bytes, which is all that the file's content follows from. */
    private static String digest(Graph graph, Map<String, Long> offsets) {
        MessageDigest digest = Digests.sha256();
        offsets.forEach(
                (name, offset) -> {
                    ByteBuffer data = graph.initializers().get(name).data();
                    digest.update(
                            ByteBuffer.allocate(2 * Long.BYTES)
                                    .putLong(offset)
                                    .putLong(data.remaining())
                                    .flip());
                    digest.update(data);
                });
        return Digests.hex(digest);
    }

    /**
     * Whether the file is there with these very bytes; a damaged one would change results silently.
     */
    private static boolean holds(Path file, long size, Graph graph, Map<String, Long> offsets)
            throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) != size) {
            return false;
        }
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            for (Map.Entry<String, Long> offset : offsets.entrySet()) {
                ByteBuffer data = graph.initializers().get(offset.getKey()).data();
                if (!in.map(FileChannel.MapMode.READ_ONLY, offset.getValue(), data.remaining())
                        .equals(data)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void write(Graph graph, Map<String, Long> offsets, long size, Path file)
            throws IOException {
        Path temporary = Files.createTempFile(file.getParent(), "writing", ".weights");
        try {
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                for (Map.Entry<String, Long> offset : offsets.entrySet()) {
                    ByteBuffer data = graph.initializers().get(offset.getKey()).data();
                    long position = offset.getValue();
                    while (data.hasRemaining()) {
                        position += out.write(data, position);
                    }
                }
                pad(out, size);
                out.force(true);
            }
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void pad(FileChannel out, long size) throws IOException {
        if (out.size() < size) {
            out.write(ByteBuffer.allocate(1), size - 1);
        }
    }
}
