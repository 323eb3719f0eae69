package io.fedfm.runtime.data.image;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads how images are processed from {@code preprocessor_config.json}, which lies beside a model,
 * with the section {@code data.image} laid over it.
 */
public final class ProcessorSettings {
    private static final String FILE = "preprocessor_config.json";
    private static final String TYPE = "image_processor_type";

    private static final List<String> KEYS =
            List.of(
                    "do_resize",
                    "size",
                    "resample",
                    "do_center_crop",
                    "crop_size",
                    "do_rescale",
                    "rescale_factor",
                    "do_normalize",
                    "image_mean",
                    "image_std");

    /** Processors that resize, crop, rescale and normalise, in this order, and do nothing else. */
    private static final List<String> KNOWN = List.of("ViT", "DeiT", "Bit", "CLIP");

    private ProcessorSettings() {}

    /**
     * The processing for a backbone.
     *
     * @param folder where the model lies
     * @param given the section {@code data.image}
     * @param input the size of images that the backbone takes
     * @throws FedFmException SETTINGS_INVALID if settings are missing or wrong, or make images of
     *     another size; MODEL_INVALID if the file is not JSON; MODEL_UNSUPPORTED if it is of
     *     another kind of processor
     */
    public static ImageProcessing read(Path folder, Map<String, Object> given, ImageSize input) {
        Path file = folder.resolve(FILE);
        Map<String, Object> values = new LinkedHashMap<>();
        boolean square = true;
        boolean beside = Files.isRegularFile(file);
        if (beside) {
            Map<String, Object> found = json(file);
            square = squares(file, found);
            KEYS.stream()
                    .filter(key -> found.get(key) != null)
                    .forEach(key -> values.put(key, found.get(key)));
        }
        given.forEach((key, value) -> values.put(key.replace('-', '_'), value));
        String path = beside && given.isEmpty() ? file.toString() : "data.image";
        return new ProcessingReader(Settings.of(path, values), square, input, folder).read();
    }

    private static Map<String, Object> json(Path file) {
        try {
            return new ObjectMapper()
                    .readValue(
                            file.toFile(), new TypeReference<LinkedHashMap<String, Object>>() {});
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.MODEL_INVALID, file + " is no JSON object: " + e.getMessage(), e);
        }
    }

    /** Whether a single number for the size is that of both sides; else it is the shorter edge. */
    private static boolean squares(Path file, Map<String, Object> found) {
        Object type = found.getOrDefault(TYPE, found.get("feature_extractor_type"));
        if (type == null) {
            return true;
        }
        String name =
                type.toString().replaceFirst("(ImageProcessor(Fast|Pil)?|FeatureExtractor)$", "");
        if (!KNOWN.contains(name)) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    file
                            + " is of a "
                            + type
                            + ", which may do more than resize, crop and normalise; read are those of "
                            + String.join(", ", KNOWN));
        }
        return name.equals("ViT") || name.equals("DeiT");
    }
}
