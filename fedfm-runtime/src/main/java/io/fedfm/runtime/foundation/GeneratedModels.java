package io.fedfm.runtime.foundation;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/**
 * Makes the ONNX file of a model folder whose {@code model.properties} names a generator instead.
 *
 * <p>It is made once, beside {@code model.properties} where that folder can be written to, else in
 * a cache. Whoever opens the folder checks the hash, as for every model.
 */
public final class GeneratedModels {
    private static final String PROPERTIES = "model.properties";
    private static final String GENERATOR = "simple-foundation";

    private final Path cache;

    /** Models go to {@code cache} where their own folder cannot be written to. */
    public GeneratedModels(Path cache) {
        this.cache = cache;
    }

    /** With the cache where the user's other caches are. */
    public static GeneratedModels inUserCache() {
        String base = System.getenv("XDG_CACHE_HOME");
        Path caches =
                base == null || base.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(base);
        return new GeneratedModels(caches.resolve("fedfm").resolve("models"));
    }

    /**
     * The path to open for a model path: itself, unless its model had to be made in the cache.
     *
     * @throws FedFmException with {@link ErrorCode#MODEL_INVALID} if the sizes are none or the
     *     generator is unknown, or {@link ErrorCode#RUN_FAILED} if the file cannot be written
     */
    public Path prepare(Path model) {
        Path description = model.resolve(PROPERTIES);
        if (!Files.isRegularFile(description)) {
            return model;
        }
        Properties properties = read(description);
        String generator = properties.getProperty("generator", "");
        Path file = model.resolve(properties.getProperty("file", "model.onnx"));
        if (generator.isEmpty() || Files.exists(file)) {
            return model;
        }
        if (!generator.equals(GENERATOR)) {
            throw new FedFmException(
                    ErrorCode.MODEL_INVALID,
                    description + ": unknown generator '" + generator + "'; known: " + GENERATOR);
        }
        if (Files.isWritable(model)) {
            write(file, properties, description);
            return model;
        }
        return inCache(description, properties);
    }

    private Path inCache(Path description, Properties properties) {
        Path folder =
                cache.resolve(
                        properties.getProperty("name", GENERATOR)
                                + "-"
                                + properties.getProperty("sha256", "unchecked"));
        Path file = folder.resolve(properties.getProperty("file", "model.onnx"));
        try {
            Files.createDirectories(folder);
            Files.copy(
                    description, folder.resolve(PROPERTIES), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
        if (!Files.exists(file)) {
            write(file, properties, description);
        }
        return folder;
    }

    private static void write(Path file, Properties properties, Path description) {
        Settings settings = Settings.of(description.toString(), properties);
        FoundationShape shape = shape(settings, description);
        long seed = settings.integer("seed", 0, 0, Long.MAX_VALUE >> 10);
        byte[] bytes = FoundationFile.of(shape, new RandomWeights(seed));
        try {
            Path temporary =
                    file.resolveSibling(
                            file.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
            try {
                Files.write(temporary, bytes);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static FoundationShape shape(Settings settings, Path description) {
        int[] sizes = {
            settings.positive("hidden", 256),
            settings.positive("layers", 4),
            settings.positive("heads", 4),
            settings.positive("vocabulary", 1000),
            settings.positive("length", 64)
        };
        settings.integer("seed", 0, 0, Long.MAX_VALUE >> 10);
        if (sizes[0] % sizes[2] != 0) {
            settings.problem("hidden", "must be a multiple of heads");
        }
        settings.rest();
        if (!settings.problems().isEmpty()) {
            throw new FedFmException(
                    ErrorCode.MODEL_INVALID, String.join("; ", settings.problems()));
        }
        return new FoundationShape(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]);
    }

    private static Properties read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new FedFmException(
                    ErrorCode.MODEL_INVALID, file + " is no file of properties: " + e, e);
        }
        return properties;
    }

    private static FedFmException unwritable(Path path, IOException e) {
        return new FedFmException(ErrorCode.RUN_FAILED, path + " cannot be written: " + e, e);
    }
}
