package io.fedfm.runtime.peft;

import com.fasterxml.jackson.databind.JsonNode;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.record.SafetensorsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;

/** An adapter as the PEFT library saves it: a folder with a configuration and tensors. */
public final class PeftDirectory {
    /** The file of the configuration. */
    public static final String CONFIG = "adapter_config.json";

    /** The file of tensors. */
    public static final String TENSORS = "adapter_model.safetensors";

    /** A head that no class of the transformers library has; fedfm's own addition. */
    public static final String HEAD = "head.safetensors";

    private static final Pattern HEAD_WEIGHT =
            Pattern.compile("(.*\\.)?(classifier|score|out_proj)\\.weight");

    private final Path folder;
    private final JsonNode config;
    private final PeftType type;

    private PeftDirectory(Path folder, JsonNode config, PeftType type) {
        this.folder = folder;
        this.config = config;
        this.type = type;
    }

    /**
     * Opens a folder.
     *
     * @throws FedFmException ADAPTER_INVALID if it is no adapter, or of a type that fedfm does not
     *     train
     */
    public static PeftDirectory open(Path folder) {
        Path file = folder.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            throw invalid(folder + " is no adapter of the PEFT library: it has no " + CONFIG);
        }
        if (!Files.isRegularFile(folder.resolve(TENSORS))) {
            String pickled =
                    Files.exists(folder.resolve("adapter_model.bin"))
                            ? "; adapter_model.bin is pickled Python, which fedfm does not run:"
                                    + " save the adapter again with safe_serialization=True"
                            : "";
            throw invalid(folder + " has no " + TENSORS + pickled);
        }
        JsonNode config = AdapterJson.read(file);
        String name = config.path("peft_type").asText("");
        PeftType type =
                PeftType.of(name)
                        .orElseThrow(
                                () ->
                                        invalid(
                                                file
                                                        + ": peft_type '"
                                                        + name
                                                        + "' is none that fedfm trains; it trains "
                                                        + List.of(PeftType.values())));
        return new PeftDirectory(folder, config, type);
    }

    /** {@code model.pooling} of the run that it was exported from; "" if fedfm did not write it. */
    public String pooling() {
        Path file = folder.resolve("fedfm.json");
        return Files.isRegularFile(file) ? AdapterJson.read(file).path("pooling").asText("") : "";
    }

    /** Classes of its head; 0 if it has none. */
    public int classes(BufferAllocator allocator) {
        Path head = folder.resolve(HEAD);
        Path file = Files.isRegularFile(head) ? head : tensorFile();
        try (ParameterVector vector = read(file, allocator)) {
            return vector.layout().entries().stream()
                    .filter(entry -> HEAD_WEIGHT.matcher(entry.name()).matches())
                    .mapToInt(entry -> Math.toIntExact(entry.dimensions()[0]))
                    .findFirst()
                    .orElse(0);
        }
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /** What kind of adapter it is. */
    public PeftType type() {
        return type;
    }

    /** The content of {@code adapter_config.json}. */
    public JsonNode config() {
        return config;
    }

    /** The file of tensors. */
    public Path tensorFile() {
        return folder.resolve(TENSORS);
    }

    /** The tensors; owned by the caller. */
    public ParameterVector tensors(BufferAllocator allocator) {
        return read(tensorFile(), allocator);
    }

    /** Names and shapes of the tensors. */
    public ParameterLayout layout(BufferAllocator allocator) {
        try (ParameterVector vector = tensors(allocator)) {
            return vector.layout();
        }
    }

    /**
     * Overwrites the parameters of a model with those of the adapter; a head that it does not have
     * stays as it is.
     *
     * @throws FedFmException ADAPTER_INVALID if it does not fit
     */
    public void restore(
            PeftAdapter adapter, ParameterVector parameters, BufferAllocator allocator) {
        try (ParameterVector file = tensors(allocator)) {
            adapter.tensors().read(file, parameters, tensorFile().toString());
        }
        Path head = folder.resolve(HEAD);
        Optional<TensorMapping> aside = adapter.headAside();
        if (aside.isPresent() && Files.isRegularFile(head)) {
            try (ParameterVector file = read(head, allocator)) {
                aside.get().read(file, parameters, head.toString());
            }
        }
    }

    private static ParameterVector read(Path file, BufferAllocator allocator) {
        try {
            return SafetensorsReader.read(file, allocator);
        } catch (FedFmException e) {
            throw new FedFmException(ErrorCode.ADAPTER_INVALID, e.getMessage(), e);
        }
    }

    private static FedFmException invalid(String what) {
        return new FedFmException(ErrorCode.ADAPTER_INVALID, what);
    }
}
