package io.fedfm.runtime.record;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Writes that survive a crash: a file or folder is there whole, or not at all. */
public final class Durable {
    /** What is not finished yet has a name that starts so. */
    static final String UNFINISHED = ".unfinished-";

    private Durable() {}

    /** Writes a text to a file that did not exist, or replaces one. */
    public static void write(Path file, String text) throws IOException {
        Path unfinished = file.resolveSibling(UNFINISHED + file.getFileName());
        Files.writeString(unfinished, text, StandardCharsets.UTF_8);
        sync(unfinished);
        move(unfinished, file);
    }

    /**
     * Makes a folder that is not there yet, with all of its files or not at all.
     *
     * @param target the folder; its parents are made if need be
     * @param content writes the files into an empty folder of another name
     */
    public static void folder(Path target, FolderContent content) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        Path unfinished = absolute.resolveSibling(UNFINISHED + absolute.getFileName());
        Files.createDirectories(absolute.getParent());
        remove(unfinished);
        Files.createDirectory(unfinished);
        try {
            content.writeTo(unfinished);
            try (Stream<Path> files = Files.walk(unfinished)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    sync(file);
                }
            }
            move(unfinished, absolute);
        } catch (IOException | RuntimeException | Error e) {
            remove(unfinished);
            throw e;
        }
    }

    /** Writes the files of a folder. */
    @FunctionalInterface
    public interface FolderContent {
        /** Writes into an empty folder. */
        void writeTo(Path folder) throws IOException;
    }

    /** Flushes a file or a folder to the disk. */
    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Gives a file or folder its final name, in one step. */
    static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        sync(to.toAbsolutePath().getParent());
    }

    /** Removes what earlier processes left unfinished in a folder. */
    static void removeUnfinished(Path folder) throws IOException {
        List<Path> leftovers;
        try (Stream<Path> children = Files.list(folder)) {
            leftovers =
                    children.filter(p -> p.getFileName().toString().startsWith(UNFINISHED))
                            .toList();
        }
        for (Path leftover : leftovers) {
            remove(leftover);
        }
    }

    /** Removes a file or a folder with all that is in it; nothing if there is none. */
    static void remove(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(path)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : deepestFirst) {
            Files.delete(each);
        }
    }

    /**
     * What went wrong in words: the messages of Java's file exceptions are often only the file's
     * name.
     */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or folder: " + e.getMessage();
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied: " + e.getMessage();
        }
        if (e instanceof FileSystemException problem && problem.getReason() == null) {
            return problem.getClass().getSimpleName() + ": " + problem.getFile();
        }
        return e.getMessage();
    }
}
