package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Tensors kept outside the ONNX file; only files inside the model's folder are opened.
 *
 * <p>Links that leave the folder are refused, but for those of the Hugging Face cache: there {@code
 * snapshots/<revision>} holds nothing but links into {@code blobs} beside {@code snapshots}.
 */
final class ExternalData {
    private static final String SNAPSHOTS = "snapshots";
    private static final String BLOBS = "blobs";

    private final Path folder;

    ExternalData(Path folder) {
        this.folder = folder;
    }

    /** A view of the tensor's bytes, of which there must be {@code bytes}. */
    ByteBuffer read(TensorProto tensor, long bytes) {
        Map<String, String> entries = new HashMap<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            entries.put(entry.getKey(), entry.getValue());
        }
        String what = "tensor '" + tensor.getName() + "'";
        Path file = locate(entries.getOrDefault("location", ""), what);
        long offset = number(entries.getOrDefault("offset", "0"), what);
        long length = number(entries.getOrDefault("length", Long.toString(bytes)), what);
        if (length != bytes) {
            throw invalid(
                    what + " needs " + bytes + " bytes and its external data has " + length, null);
        }
        try {
            if (offset > Files.size(file) - length) {
                String remedy =
                        OnnxFile.isLfsPointer(MappedFile.whole(file))
                                ? ", which is a Git LFS pointer; run 'git lfs pull'"
                                : "; copy that file again";
                throw invalid(what + " lies beyond the end of " + file + remedy, null);
            }
            return MappedFile.part(file, offset, length);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE, what + ": cannot read " + file + ": " + e, e);
        }
    }

    private Path locate(String location, String what) {
        try {
            Path relative = Path.of(location);
            if (location.isBlank()
                    || relative.isAbsolute()
                    || location.indexOf('\\') >= 0
                    || hasParent(relative)) {
                throw outside(what, location);
            }
            Path root = folder.toRealPath();
            Path file = root.resolve(relative);
            if (!Files.isRegularFile(file)) {
                throw invalid(
                        what
                                + ": its data file '"
                                + location
                                + "' is missing; put it beside the model",
                        null);
            }
            Path real = file.toRealPath();
            if (!real.startsWith(root) && !isBlob(real, root)) {
                throw outside(what, location);
            }
            return real;
        } catch (InvalidPathException e) {
            throw outside(what, "not a path");
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE, what + ": cannot read '" + location + "': " + e, e);
        }
    }

    private static boolean isBlob(Path file, Path folder) {
        for (Path at = folder; at != null; at = at.getParent()) {
            if (at.endsWith(SNAPSHOTS)) {
                return file.startsWith(at.resolveSibling(BLOBS));
            }
        }
        return false;
    }

    private static boolean hasParent(Path path) {
        for (Path part : path) {
            if (part.toString().equals("..")) {
                return true;
            }
        }
        return false;
    }

    private static long number(String text, String what) {
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw invalid(what + ": '" + text + "' is no offset or length", e);
        }
        throw invalid(what + ": the offset or length " + text + " is negative", null);
    }

    private static FedFmException outside(String what, String location) {
        return invalid(
                what
                        + ": its data file '"
                        + location
                        + "' is not inside the model's folder; copy the data there and export again",
                null);
    }

    private static FedFmException invalid(String message, Throwable cause) {
        return new FedFmException(ErrorCode.MODEL_INVALID, message, cause);
    }
}
