package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on images, of vision transformers. */
final class ImagesTest {
    private static final Path EXPORTS = Path.of("src/test/resources/exports").toAbsolutePath();
    private static final Path VIT = EXPORTS.resolve("vit-torchscript-eager.onnx");
    private static final Path WITH_HEAD = EXPORTS.resolve("vit-torchscript-sdpa.onnx");

    @TempDir private Path folder;
    private Fedfm fedfm;

    @BeforeEach
    void writeImages() throws IOException {
        fedfm = Fedfm.in(folder);
        SplittableRandom random = new SplittableRandom(7);
        for (int label = 0; label < 5; label++) {
            for (int i = 0; i < 12; i++) {
                draw(folder.resolve("images/colour" + label + "/" + i + ".png"), label, random);
            }
        }
        Files.writeString(
                folder.resolve("images.yaml"),
                """
                model: {path: %s, num_labels: 5}
                peft: {type: lora, r: 4, target_modules: all-linear}
                data:
                  path: images
                  image: {image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5]}
                  partitioner: {type: iid, num_partitions: 3}
                federation: {num_rounds: 3}
                client: {local_epochs: 2, batch_size: 4, optimizer: {lr: 1.0e-2}}
                """
                        .formatted(VIT));
    }

    @Test
    void coloursAreLearnt() throws Exception {
        JsonNode summary = fedfm.json("run", "images.yaml");
        JsonNode again = fedfm.json("run", "images.yaml", "--workers", "1");

        assertThat(summary.get("evaluated_rows").asInt()).isEqualTo(12);
        assertThat(loss(summary, 2)).isLessThan(loss(summary, 0) - 0.2);
        assertThat(summary.at("/metrics/accuracy").asDouble()).isGreaterThan(0.5);
        assertThat(again.get("adapter_sha256")).isEqualTo(summary.get("adapter_sha256"));
        assertThat(Files.readString(fedfm.runFolder(summary).resolve("config.resolved.yaml")))
                .contains("image_mean");
    }

    @Test
    void theGraphsOwnHeadAndSplitExecutionWork() throws Exception {
        JsonNode summary =
                fedfm.json(
                        "run",
                        "images.yaml",
                        "-c",
                        "model.path=" + WITH_HEAD,
                        "-c",
                        "model.pooling=head",
                        "-c",
                        "model.execution=split",
                        "-c",
                        "data.evaluate=train",
                        "-c",
                        "data.partitioner={type: dirichlet, num_partitions: 2, alpha: 1.0}");

        assertThat(summary.get("evaluated_rows").asInt()).isEqualTo(60);
        assertThat(loss(summary, 2)).isLessThan(loss(summary, 0) - 0.2);
    }

    @Test
    void theProcessorBesideTheModelIsUsed() throws Exception {
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.copy(VIT, model.resolve("model.onnx"));
        Path processor = model.resolve("preprocessor_config.json");
        String json =
                "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": {\"height\": %d,"
                        + " \"width\": 16}, \"image_mean\": [0.5, 0.5, 0.5], \"image_std\": [0.5, 0.5,"
                        + " 0.5], \"resample\": 2}";
        Files.writeString(processor, json.formatted(16));

        JsonNode given = run("model.path=" + VIT);
        JsonNode found = run("model.path=model", "data.image={}");

        assertThat(found.get("adapter_sha256")).isEqualTo(given.get("adapter_sha256"));
        Files.writeString(processor, json.formatted(32));
        refused("model.path=model", "data.image={}", "size is 32 x 16", "images of 16 x 16");
    }

    @Test
    void whatCannotBeLearntIsRefused() throws Exception {
        refused("data.image={}", "seed=1", "image_mean is required");
        refused("model.task=CAUSAL_LM", "seed=1", "model.task must be SEQ_CLS");
        Files.writeString(folder.resolve("images/colour0/notes.png"), "none");
        refused("seed=1", "seed=2", "colour0/notes.png", "is no PNG, JPEG, BMP or GIF image");
        assertThat(folder.resolve("runs")).doesNotExist();
    }

    private JsonNode run(String... settings) throws Exception {
        String rounds = "federation.num_rounds=1";
        return settings.length == 1
                ? fedfm.json("run", "images.yaml", "-c", rounds, "-c", settings[0])
                : fedfm.json(
                        "run", "images.yaml", "-c", rounds, "-c", settings[0], "-c", settings[1]);
    }

    private void refused(String first, String second, String... said) throws Exception {
        Shell.Result result = fedfm.run("run", "images.yaml", "-c", first, "-c", second);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.err()).hasLineCount(1).contains(said);
    }

    private static void draw(Path file, int label, SplittableRandom random) throws IOException {
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(20, 18, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 18; y++) {
            for (int x = 0; x < 20; x++) {
                int red = (label % 3) * 90 + random.nextInt(60);
                int green = (label / 3) * 150 + random.nextInt(60);
                image.setRGB(x, y, red << 16 | green << 8 | random.nextInt(60));
            }
        }
        assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
    }

    private static double loss(JsonNode summary, int round) {
        return summary.get("history").get(round).get("metrics").get("loss").asDouble();
    }
}
