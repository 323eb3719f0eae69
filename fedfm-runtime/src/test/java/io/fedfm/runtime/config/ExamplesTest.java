package io.fedfm.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExamplesTest {
    private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();

    @TempDir Path elsewhere;

    @Test
    void theQuickstartFindsItsFilesFromAnyFolder() {
        RunConfig config = read(EXAMPLES.resolve("quickstart.yaml"));

        assertThat(config.model().path()).isDirectory();
        assertThat(config.data().path()).isRegularFile();
        assertThat(config.data().testPath()).isRegularFile();
        assertThat(config.data().partitioner().values()).containsEntry("alpha", 0.5);
    }

    @Test
    void theReferenceWorkloadHasItsNumbers() {
        RunConfig config = read(EXAMPLES.resolve("reference.yaml"));

        assertThat(config.data().clientRows()).containsExactly(202L, 279L, 192L, 114L, 206L);
        assertThat(config.data().evaluate()).isEqualTo(DataConfig.TRAIN);
        assertThat(config.model().path().resolve("model.properties")).isRegularFile();
        assertThat(config.peft().methods().get(0).values()).containsEntry("bottleneck", 16);
    }

    @Test
    void taggedWordsHaveColumnsAndAHeadOfTheirOwn() {
        RunConfig config = read(EXAMPLES.resolve("entities.yaml"));

        assertThat(config.model().pooling()).isEqualTo(ModelConfig.Pooling.NONE);
        assertThat(config.data().text()).isEqualTo("tokens");
        assertThat(config.data().label()).isEqualTo("tags");
        assertThat(config.data().path()).isRegularFile();
    }

    @Test
    void instructionsLackNothingButTheirModel() {
        Path file = EXAMPLES.resolve("instructions.yaml");
        Path model = EXAMPLES.getParent().resolve("models/mini-encoder");

        RunConfig config = new ConfigReader(elsewhere).read(file, List.of("model.path=" + model));

        assertThat(config.data().template()).isEqualTo("Question: {question}\nAnswer: ");
        assertThat(config.data().completion()).isEqualTo("answer");
        assertThat(config.data().path()).isRegularFile();
    }

    @Test
    void templatesAreForLanguageModels() {
        FedFmException error =
                catchThrowableOfType(
                        FedFmException.class,
                        () ->
                                new ConfigReader(elsewhere)
                                        .read(
                                                EXAMPLES.resolve("quickstart.yaml"),
                                                List.of(
                                                        "data.template=alpaca",
                                                        "model.pooling=none")));

        assertThat(error.code()).isEqualTo(ErrorCode.SETTINGS_INVALID);
        assertThat(error)
                .hasMessageContaining("data.template is for CAUSAL_LM")
                .hasMessageContaining("model.pooling must be one of mean");
    }

    @Test
    void examplesOnDataOfOthersLackNothingButThese() throws IOException {
        for (String name : List.of("banking77.yaml", "cifar10.yaml", "tinyshakespeare.yaml")) {
            Path alone = elsewhere.resolve("a").resolve("b").resolve(name);
            Files.createDirectories(alone.getParent());
            Files.copy(EXAMPLES.resolve(name), alone);

            FedFmException error = catchThrowableOfType(FedFmException.class, () -> read(alone));

            assertThat(error.code()).isEqualTo(ErrorCode.FILE_UNREADABLE);
            assertThat(error).hasMessageContaining("model.path").hasMessageContaining("data.path");
        }
    }

    private RunConfig read(Path file) {
        return new ConfigReader(elsewhere).read(file, List.of());
    }
}
