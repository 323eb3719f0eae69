package io.fedfm.runtime.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessorSettingsTest {
    private static final ImageSize INPUT = new ImageSize(32, 32);
    private static final String MEANS = "\"image_mean\": [0.5, 0.5, 0.5], \"image_std\": [1, 1, 1]";

    @TempDir private Path folder;

    @Test
    void settingsServeWhereThereIsNoFile() {
        ImageProcessing processing = read(Map.of("image_mean", list(0.5), "image_std", list(0.25)));

        assertThat(processing.resize().orElseThrow().size()).isEqualTo(INPUT);
        float[] pixels = new float[3];
        processing.normalisation().write(new byte[] {0, (byte) 255, 51}, pixels, 0);
        assertThat(pixels).containsExactly(-2, 2, (0.2f - 0.5f) / 0.25f);
    }

    @Test
    void meanAndDeviationMustBeSaid() {
        refused(Map.of(), ErrorCode.SETTINGS_INVALID, "data.image.image_mean is required", "std");
        assertThat(read(Map.of("do_normalize", false))).isNotNull();
    }

    @Test
    void settingsLieOverTheFile() throws IOException {
        json("{\"image_processor_type\": \"ViTImageProcessor\", \"size\": 16, " + MEANS + "}");

        assertThat(read(Map.of("size", 32)).resize().orElseThrow().resampling())
                .isEqualTo(Resampling.BILINEAR);
        assertThat(read(Map.of("size", 32, "resample", "bicubic")).resize().orElseThrow())
                .isEqualTo(new ImageProcessing.Resize(INPUT, false, Resampling.BICUBIC));
    }

    @Test
    void oneNumberIsTheShorterEdgeForProcessorsThatCrop() throws IOException {
        json(
                "{\"feature_extractor_type\": \"CLIPFeatureExtractor\", \"size\": 40, "
                        + "\"do_center_crop\": true, \"crop_size\": 32, \"resample\": 3, "
                        + MEANS
                        + "}");

        ImageProcessing processing = read(Map.of());

        assertThat(processing.resize().orElseThrow().byShortestEdge()).isTrue();
        assertThat(processing.crop()).contains(INPUT);
    }

    @Test
    void whatAFileLeavesOutIsAsItsProcessorDoesIt() throws IOException {
        json("{\"image_processor_type\": \"DeiTImageProcessorFast\", " + MEANS + "}");

        ImageProcessing processing = read(Map.of());

        assertThat(processing.crop()).contains(INPUT);
        assertThat(processing.resize().orElseThrow())
                .isEqualTo(
                        new ImageProcessing.Resize(
                                new ImageSize(256, 256), false, Resampling.BICUBIC));
    }

    @Test
    void sizesThatTheBackboneDoesNotTakeAreRefused() throws IOException {
        json("{\"size\": {\"height\": 224, \"width\": 224}, " + MEANS + "}");

        refused(
                Map.of(),
                ErrorCode.SETTINGS_INVALID,
                "preprocessor_config.json",
                "size is 224 x 224, but the backbone takes images of 32 x 32");
        refused(
                Map.of("size", Map.of("shortest_edge", 32)),
                ErrorCode.SETTINGS_INVALID,
                "data.image.size of a shortest edge needs do_center_crop");
        refused(
                Map.of("do_center_crop", true, "crop_size", 24),
                ErrorCode.SETTINGS_INVALID,
                "crop_size is 24 x 24");
        refused(
                Map.of("do_center_crop", true, "size", 24),
                ErrorCode.SETTINGS_INVALID,
                "size is 24 x 24, too small to cut 32 x 32");
    }

    @Test
    void settingsThatMakeNoSenseAreRefusedTogether() {
        refused(
                Map.of("image_mean", List.of(0.5), "image_std", list(0), "resample", 1, "mean", 0),
                ErrorCode.SETTINGS_INVALID,
                "image_mean must have three numbers, has 1",
                "image_std must be above 0",
                "resample must be bilinear (2) or bicubic (3), was '1'",
                "unknown setting 'data.image.mean'");
    }

    @Test
    void otherProcessorsAndOtherFilesAreRefused() throws IOException {
        json("{\"image_processor_type\": \"ConvNextImageProcessor\", \"crop_pct\": 0.9}");
        refused(Map.of(), ErrorCode.MODEL_UNSUPPORTED, "ConvNextImageProcessor", "Siglip, ViT");

        json("[1, 2");
        refused(Map.of(), ErrorCode.MODEL_INVALID, "preprocessor_config.json is no JSON");
    }

    private static List<Double> list(double value) {
        return List.of(value, value, value);
    }

    private void json(String text) throws IOException {
        Files.writeString(folder.resolve("preprocessor_config.json"), text);
    }

    private ImageProcessing read(Map<String, Object> given) {
        return ProcessorSettings.read(folder, given, INPUT);
    }

    private void refused(Map<String, Object> given, ErrorCode code, String... said) {
        assertThatThrownBy(() -> read(given))
                .hasMessageContainingAll(said)
                .isInstanceOfSatisfying(
                        FedFmException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
