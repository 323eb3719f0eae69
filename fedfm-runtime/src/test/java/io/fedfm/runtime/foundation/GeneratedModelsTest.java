package io.fedfm.runtime.foundation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.runtime.graph.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GeneratedModelsTest {
    private static final String TINY =
            "generator=simple-foundation\nhidden=8\nlayers=1\nheads=2\nvocabulary=9\nlength=4\n";

    @TempDir Path folder;

    @Test
    void makesTheModelOnceBesideItsDescription() throws IOException {
        Files.writeString(folder.resolve("model.properties"), TINY + "seed=3\n");
        GeneratedModels models = new GeneratedModels(folder.resolve("cache"));

        assertThat(models.prepare(folder)).isEqualTo(folder);

        Path model = folder.resolve("model.onnx");
        byte[] bytes = Files.readAllBytes(model);
        assertThat(bytes).hasSizeGreaterThan(1000);
        Files.write(model, new byte[] {1});
        models.prepare(folder);
        assertThat(Files.size(model)).isEqualTo(1);
        try (var files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("model.properties", "model.onnx");
        }
    }

    @Test
    void theReferenceModelHasTheHashOfItsDescriptionOnEveryMachine() throws IOException {
        Path description = Path.of("..", "models", "simple-foundation", "model.properties");
        Files.copy(description, folder.resolve("model.properties"));

        Path made = new GeneratedModels(folder.resolve("cache")).prepare(folder);

        // Opening compares the hash with the one in the description.
        String hash = ModelFolder.open(made).sha256();
        assertThat(Files.readString(description)).contains("sha256=" + hash);
    }

    @Test
    void leavesOtherModelsAlone() throws IOException {
        GeneratedModels models = new GeneratedModels(folder.resolve("cache"));
        Path file = Files.createFile(folder.resolve("x.onnx"));

        assertThat(models.prepare(file)).isEqualTo(file);
        assertThat(models.prepare(folder)).isEqualTo(folder);
        Files.writeString(folder.resolve("model.properties"), "name=mini\nfile=x.onnx\n");
        assertThat(models.prepare(folder)).isEqualTo(folder);
        assertThat(folder.resolve("model.onnx")).doesNotExist();
    }

    @Test
    void refusesUnknownGeneratorsAndBadSizes() throws IOException {
        GeneratedModels models = new GeneratedModels(folder.resolve("cache"));
        Path description = folder.resolve("model.properties");

        Files.writeString(description, "generator=magic\n");
        assertThatThrownBy(() -> models.prepare(folder))
                .hasMessageContaining("unknown generator 'magic'")
                .extracting("code")
                .isEqualTo(ErrorCode.MODEL_INVALID);
        Files.writeString(description, TINY.replace("heads=2", "heads=3"));
        assertThatThrownBy(() -> models.prepare(folder)).hasMessageContaining("multiple of heads");
        assertThat(folder.resolve("model.onnx")).doesNotExist();
    }
}
