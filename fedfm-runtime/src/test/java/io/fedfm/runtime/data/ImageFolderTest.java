package io.fedfm.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.config.DataConfig;
import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.config.PluginChoice;
import io.fedfm.runtime.config.Seeds;
import io.fedfm.runtime.data.image.ImageSize;
import io.fedfm.runtime.program.Batch;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageFolderTest {
    private static final Path ODD = Path.of("src/test/resources/images/odd");
    private static final PixelInput INPUT = new PixelInput("pixel_values", new ImageSize(2, 3));

    @TempDir private Path folder;
    private Path images;

    @BeforeEach
    void writeImages() throws IOException {
        images = folder.resolve("images");
        for (int i = 0; i < 10; i++) {
            draw("images/dog/" + i + ".png", 0xFF0000 + i);
            draw("images/cat/" + i + ".bmp", 0x00FF00 + i);
        }
    }

    @Test
    void classesAreFoldersInTheOrderOfTheirNames() throws IOException {
        Files.writeString(images.resolve("dog/.hidden"), "");

        FederatedData data = load(images, null, "held-out");

        assertThat(data.labels().names()).containsExactly("cat", "dog");
        assertThat(data.heldOut()).hasSize(4);
        assertThat(data.clients()).extracting(List::size).containsExactly(8, 8);
        for (int client = 0; client < 2; client++) {
            assertThat(data.clients().get(client).stream().map(Row::label))
                    .containsExactlyElementsOf(
                            Arrays.stream(data.partition().get(client))
                                    .mapToObj(i -> i / 10)
                                    .toList());
        }
        assertThat(names(load(images, null, "held-out"))).isEqualTo(names(data));
    }

    @Test
    void batchesHaveChannelsFirst() {
        FederatedData data = load(images, null, "train");

        Batch batch = data.collator().collate(data.clients().get(0).subList(0, 2));

        assertThat(batch.rows()).isEqualTo(2);
        assertThat(batch.feeds()).containsOnlyKeys("pixel_values", Batch.LABELS, Batch.TASK);
        assertThat(batch.feeds().get("pixel_values").shape()).containsExactly(2, 3, 2, 3);
        float[] pixels = batch.feeds().get("pixel_values").toFloats();
        long[] labels = batch.feeds().get(Batch.LABELS).toLongs();
        for (int row = 0; row < 2; row++) {
            int bright = labels[row] == 1 ? 0 : 1;
            for (int channel = 0; channel < 2; channel++) {
                int at = (row * 3 + channel) * 6;
                assertThat(Arrays.copyOfRange(pixels, at, at + 6))
                        .containsOnly(channel == bright ? 1 : 0);
            }
        }
    }

    @Test
    void heldOutImagesMayHaveAFolderOfTheirOwn() throws IOException {
        draw("test/dog/a.gif", 0xFFFFFF);

        FederatedData data = load(images, folder.resolve("test"), "held-out");

        assertThat(data.heldOut()).singleElement().matches(row -> row.label() == 1);
        assertThat(data.clients()).extracting(List::size).containsExactly(10, 10);

        draw("test/dgo/a.png", 0);
        refused(images, folder.resolve("test"), "'dgo'", "did you mean 'dog'?");
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        byte[] png = Files.readAllBytes(images.resolve("dog/3.png"));
        Files.write(images.resolve("dog/cut.png"), Arrays.copyOf(png, png.length / 2));
        refused(images, null, "dog/cut.png is damaged");
        Files.delete(images.resolve("dog/cut.png"));

        byte[] jpeg = Files.readAllBytes(ODD.resolveSibling("rgb.jpg"));
        Files.write(images.resolve("cat/cut.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
        refused(images, null, "cat/cut.jpg is damaged: Corrupt JPEG data");
        Files.delete(images.resolve("cat/cut.jpg"));

        Files.writeString(images.resolve("dog/text.jpg"), "no image");
        refused(images, null, "dog/text.jpg is no PNG, JPEG, BMP or GIF image");
        Files.delete(images.resolve("dog/text.jpg"));

        Files.createFile(images.resolve("dog/empty.png"));
        refused(images, null, "dog/empty.png is no PNG");
    }

    @Test
    void imagesOfOtherKindsAreNamed() throws IOException {
        Map<String, String> odd =
                Map.of(
                        "cmyk.jpg", "that is not read",
                        "frames.gif", "2 frames",
                        "grey16.png", "1 channels of 16 bits");
        for (Map.Entry<String, String> kind : odd.entrySet()) {
            Path copy = images.resolve("cat").resolve(kind.getKey());
            Files.copy(ODD.resolve(kind.getKey()), copy);
            refused(images, null, copy.toString(), kind.getValue());
            Files.delete(copy);
        }
    }

    @Test
    void foldersOfAnotherOrderAreRefused() throws IOException {
        refused(images.resolve("dog/1.png"), null, "is no folder", "sub-folder for each class");
        refused(images.resolve("dog"), null, "0.png is in no sub-folder of a class");
        Path webp = Files.createFile(images.resolve("dog/a.webp"));
        refused(images, null, "a.webp is no .png");
        Files.delete(webp);
        Files.createDirectory(images.resolve("bird"));
        refused(images, null, "bird has no images");
        Files.createDirectory(images.resolve("bird/inner"));
        refused(images, null, "inner is a folder in that of a class");
        refused(Files.createDirectory(folder.resolve("none")), null, "none has no sub-folders");
        draw("one/dog/a.png", 0);
        refused(folder.resolve("one"), null, "the one label dog");
    }

    @Test
    void imagesAreForBackbonesOfImages() {
        InputNames texts = new InputNames("ids", "", "", "");
        DataLoader loader = loader(config(images, null, "train", Map.of()), Task.SEQ_CLS);

        assertThatThrownBy(() -> loader.load(texts, TokenizerFixture.folder(), 10, List.of()))
                .hasMessageContainingAll("is a folder", "takes texts");
        assertThatThrownBy(
                        () ->
                                loader(config(images, null, "train", image()), Task.SEQ_CLS)
                                        .load(texts, TokenizerFixture.folder(), 10, List.of()))
                .hasMessageContaining("data.image has no use");
        assertThatThrownBy(
                        () ->
                                loader(config(images, null, "train", image()), Task.CAUSAL_LM)
                                        .load(INPUT, folder, 10, List.of()))
                .hasMessageContaining("model.task must be SEQ_CLS");
    }

    private void refused(Path path, Path test, String... said) {
        assertThatThrownBy(() -> load(path, test, "held-out"))
                .hasMessageContainingAll(said)
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_INVALID));
    }

    private FederatedData load(Path path, Path test, String evaluate) {
        return loader(config(path, test, evaluate, image()), Task.SEQ_CLS)
                .load(INPUT, folder, 0, List.of());
    }

    private static DataLoader loader(DataConfig config, Task task) {
        return new DataLoader(config, task, 0, Seeds.of(42));
    }

    private static List<String> names(FederatedData data) {
        return data.clients().stream()
                .flatMap(List::stream)
                .map(row -> ((ImageRow) row).pixels().toString())
                .toList();
    }

    private static Map<String, Object> image() {
        return Map.of("do_normalize", false);
    }

    private static DataConfig config(
            Path path, Path test, String evaluate, Map<String, Object> image) {
        return new DataConfig(
                "file",
                path,
                test,
                "text",
                "label",
                "",
                "",
                "",
                image,
                8,
                0.2,
                evaluate,
                List.of(),
                new PluginChoice("data.partitioner", "iid", Map.of("num_partitions", 2)));
    }

    private void draw(String name, int colour) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(5, 4, BufferedImage.TYPE_INT_RGB);
        int[] pixels = new int[20];
        Arrays.fill(pixels, colour);
        image.setRGB(0, 0, 5, 4, pixels, 0, 5);
        String format = name.substring(name.lastIndexOf('.') + 1);
        assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
    }
}
