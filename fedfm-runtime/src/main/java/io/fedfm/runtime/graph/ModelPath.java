package io.fedfm.runtime.graph;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the ONNX file that a path means. */
final class ModelPath {
    private static final String STANDARD = "model.onnx";

    /** Where repositories of models keep their ONNX files. */
    private static final String SUBFOLDER = "onnx";

    private ModelPath() {}

    /**
     * The file itself; of a folder its model.onnx, or the only *.onnx in it; the same of its folder
     * onnx/ if it has no such file itself.
     */
    static Path resolve(Path path) {
        if (Files.isRegularFile(path)) {
            return path;
        }
        if (!Files.isDirectory(path)) {
            throw unreadable(path + ": there is no such file or folder", null);
        }
        Path standard = path.resolve(STANDARD);
        if (Files.isRegularFile(standard)) {
            return standard;
        }
        List<Path> files = onnxFiles(path);
        if (files.isEmpty() && Files.isDirectory(path.resolve(SUBFOLDER))) {
            return resolve(path.resolve(SUBFOLDER));
        }
        if (files.size() == 1) {
            return files.get(0);
        }
        throw unreadable(
                path
                        + (files.isEmpty()
                                ? ": the folder has no ONNX file; export a model into it"
                                : ": the folder has several ONNX files and none is "
                                        + STANDARD
                                        + "; name one of "
                                        + files.stream().map(Path::getFileName).toList()),
                null);
    }

    /** Whether the file is not the one that its folder stands for. */
    static boolean isVariant(Path file) {
        return !file.endsWith(STANDARD) && Files.isRegularFile(file.resolveSibling(STANDARD));
    }

    /** The file of this name beside an ONNX file, or beside its folder if that is onnx/. */
    static Path beside(Path onnx, String name) {
        Path file = onnx.resolveSibling(name);
        Path folder = onnx.toAbsolutePath().getParent();
        return !Files.isRegularFile(file) && folder.endsWith(SUBFOLDER)
                ? folder.resolveSibling(name)
                : file;
    }

    private static List<Path> onnxFiles(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".onnx"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(folder + ": the folder cannot be read: " + e, e);
        }
    }

    private static FedFmException unreadable(String message, Throwable cause) {
        return new FedFmException(ErrorCode.FILE_UNREADABLE, message, cause);
    }
}
