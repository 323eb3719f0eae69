package io.fedfm.runtime.graph;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Properties;

/** A backbone with the files that lie beside it, as the field's exporters lay them out. */
public final class ModelFolder {
    private static final String PROPERTIES = "model.properties";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String SHA256 = "sha256";

    private final Path onnx;
    private final String sha256;

    private ModelFolder(Path onnx) throws IOException {
        this.onnx = onnx;
        this.sha256 = digest(onnx);
    }

    /**
     * Finds the ONNX file and checks it against {@code sha256} in {@code model.properties}, if that
     * is there; a variant beside {@code model.onnx} is not what those properties are of.
     *
     * @param path an ONNX file, or a folder with {@code model.onnx} or one other ONNX file
     * @throws FedFmException FILE_UNREADABLE if there is none; MODEL_INVALID if the digest differs
     */
    public static ModelFolder open(Path path) {
        Path onnx = ModelPath.resolve(path);
        try {
            ModelFolder folder = new ModelFolder(onnx);
            folder.check();
            return folder;
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE, onnx + ": the model cannot be read: " + e, e);
        }
    }

    /** The ONNX file. */
    public Path onnx() {
        return onnx;
    }

    /** Where the tokenizer and the configuration lie. */
    public Path directory() {
        return ModelPath.beside(onnx, TOKENIZER).toAbsolutePath().getParent();
    }

    /** The SHA-256 of the ONNX file; data files beside it are not in it. */
    public String sha256() {
        return sha256;
    }

    /** Reads the backbone. */
    public Graph read() {
        return OnnxReader.read(onnx);
    }

    /** The file {@code tokenizer.json}, if it is there. */
    public Optional<Path> tokenizer() {
        return Optional.of(ModelPath.beside(onnx, TOKENIZER)).filter(Files::isRegularFile);
    }

    /**
     * The content of {@code config.json}, if it is there.
     *
     * @throws FedFmException MODEL_INVALID if it is no JSON
     */
    public Optional<JsonNode> config() {
        Path config = ModelPath.beside(onnx, "config.json");
        if (!Files.isRegularFile(config)) {
            return Optional.empty();
        }
        try (Reader reader = Files.newBufferedReader(config)) {
            return Optional.of(new ObjectMapper().readTree(reader));
        } catch (JsonProcessingException e) {
            throw new FedFmException(
                    ErrorCode.MODEL_INVALID,
                    config + ": is no JSON (" + e.getOriginalMessage() + "); copy it again",
                    e);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE, config + ": cannot be read: " + e, e);
        }
    }

    private void check() throws IOException {
        Path file = onnx.resolveSibling(PROPERTIES);
        if (!Files.isRegularFile(file) || ModelPath.isVariant(onnx)) {
            return;
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        String expected = properties.getProperty(SHA256, sha256).strip();
        if (!expected.equalsIgnoreCase(sha256)) {
            throw new FedFmException(
                    ErrorCode.MODEL_INVALID,
                    onnx
                            + ": its SHA-256 is "
                            + sha256
                            + " and "
                            + file
                            + " says "
                            + expected
                            + "; fetch the model again, or correct that file");
        }
    }

    private static String digest(Path file) throws IOException {
        MessageDigest digest = Digests.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return Digests.hex(digest);
    }
}
