package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Parses an ONNX file whose large tensors stay views of the mapped file. */
final class OnnxFile {
    private static final int NESTING = 200;
    private static final String GIT_LFS = "version https://git-lfs";

    private OnnxFile() {}

    static ModelProto parse(Path file) {
        ByteBuffer bytes = map(file);
        try {
            // A stream over an immutable byte string is the only one that hands out views.
            CodedInputStream stream = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            stream.enableAliasing(true);
            stream.setRecursionLimit(NESTING);
            return ModelProto.parseFrom(stream);
        } catch (InvalidProtocolBufferException e) {
            throw invalid("is cut short or no ONNX model; export or copy it again", e);
        } catch (IOException e) {
            throw new FedFmException(ErrorCode.FILE_UNREADABLE, "cannot be read: " + e, e);
        }
    }

    private static ByteBuffer map(Path file) {
        try {
            if (Files.size(file) > Integer.MAX_VALUE) {
                throw invalid(
                        "is above 2 GiB, which no ONNX file may be; export with external data",
                        null);
            }
            ByteBuffer bytes = MappedFile.whole(file);
            if (isLfsPointer(bytes)) {
                throw invalid("is a Git LFS pointer, not the model; run 'git lfs pull'", null);
            }
            return bytes;
        } catch (IOException e) {
            throw new FedFmException(ErrorCode.FILE_UNREADABLE, "cannot be read: " + e, e);
        }
    }

    /** Whether a file is what Git leaves of a large one until it is asked for. */
    static boolean isLfsPointer(ByteBuffer bytes) {
        byte[] start = new byte[Math.min(GIT_LFS.length(), bytes.remaining())];
        bytes.duplicate().get(start);
        return new String(start, StandardCharsets.ISO_8859_1).equals(GIT_LFS);
    }

    private static FedFmException invalid(String message, Throwable cause) {
        return new FedFmException(ErrorCode.MODEL_INVALID, message, cause);
    }
}
