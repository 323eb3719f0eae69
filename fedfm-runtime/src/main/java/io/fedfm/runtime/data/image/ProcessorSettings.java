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
import java.util.Optional;
import java.util.TreeMap;

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

    /**
     * What a processor does where its file does not say it.
     *
     * @param size of the resized image
     * @param square whether a size of one number is that of both sides, not of the shorter edge
     * @param resample Pillow's number
     * @param crops whether the middle is cut out
     */
    private record Defaults(int size, boolean square, int resample, boolean crops) {}

    /** Processors that resize, crop, rescale and normalise, in this order, and do nothing else. */
    private static final Map<String, Defaults> KNOWN =
            new TreeMap<>(
                    Map.of(
                            "ViT", new Defaults(224, true, 2, false),
                            "Siglip", new Defaults(224, true, 3, false),
                            "Beit", new Defaults(224, true, 3, false),
                            "DeiT", new Defaults(256, true, 3, true),
                            "Bit", new Defaults(224, false, 3, true),
                            "CLIP", new Defaults(224, false, 3, true)));

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
            Optional<Defaults> defaults = defaults(file, found);
            square = defaults.map(Defaults::square).orElse(true);
            defaults.ifPresent(
                    d -> {
                        values.put("size", d.size());
                        values.put("resample", d.resample());
                        values.put("do_center_crop", d.crops());
                    });
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

    /** Nothing if the file does not say whose it is. */
    private static Optional<Defaults> defaults(Path file, Map<String, Object> found) {
        Object type = found.getOrDefault(TYPE, found.get("feature_extractor_type"));
        if (type == null) {
            return Optional.empty();
        }
        String name =
                type.toString().replaceFirst("(ImageProcessor(Fast|Pil)?|FeatureExtractor)$", "");
        if (!KNOWN.containsKey(name)) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    file
                            + " is of a "
                            + type
                            + ", which may do more than resize, crop and normalise; read are those of "
                            + String.join(", ", KNOWN.keySet()));
        }
        return Optional.of(KNOWN.get(name));
    }
}
