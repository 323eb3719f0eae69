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

    private ModelPath() {}

    /** The file itself; of a folder its model.onnx, or the only *.onnx in it. */
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
