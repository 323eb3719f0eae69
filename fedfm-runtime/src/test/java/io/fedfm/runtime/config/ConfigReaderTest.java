package io.fedfm.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigReaderTest {
    private static final String FULL =
            """
            seed: 7
            model: {path: model, task: seq_cls, num-labels: 12, pooling: first}
            peft: {type: lora, r: 8, target_modules: [query, value]}
            data:
              path: train.csv
              partitioner: {type: dirichlet, num_partitions: 10, alpha: 0.5}
            federation: {num_rounds: 20, clients_per_round: 5}
            client: {optimizer: {lr: 5e-3}}
            """;

    @TempDir Path folder;
    private Path beside;
    private Path working;

    @BeforeEach
    void files() throws IOException {
        beside = Files.createDirectory(folder.resolve("beside"));
        working = Files.createDirectory(folder.resolve("working"));
        Files.createDirectory(beside.resolve("model"));
        Files.createFile(working.resolve("train.csv"));
    }

    @Test
    void readsValuesAndDefaults() throws IOException {
        RunConfig config = read(FULL);

        assertThat(config.seed()).isEqualTo(7);
        assertThat(config.model().numLabels()).isEqualTo(12);
        assertThat(config.model().pooling()).isEqualTo(ModelConfig.Pooling.FIRST);
        assertThat(config.model().execution()).isEqualTo(ModelConfig.Execution.FUSED);
        assertThat(config.client().optimizer().lr()).isEqualTo(5e-3);
        assertThat(config.client().batchSize()).isEqualTo(16);
        assertThat(config.federation().clientsPerRound()).isEqualTo(5);
        assertThat(config.federation().aggregator().type()).isEqualTo("fedavg");
    }

    @Test
    void aPluginSectionKeepsItsSettingsWithoutItsType() throws IOException {
        PluginChoice peft = read(FULL).peft().methods().get(0);

        assertThat(peft.type()).isEqualTo("lora");
        assertThat(peft.values()).containsOnlyKeys("r", "target_modules");
        assertThat(peft.settings().texts("target_modules", List.of()))
                .containsExactly("query", "value");
    }

    @Test
    void findsPathsBesideTheFileThenInTheWorkingDirectory() throws IOException {
        RunConfig config = read(FULL);

        assertThat(config.model().path()).isEqualTo(beside.resolve("model"));
        assertThat(config.data().path()).isEqualTo(working.resolve("train.csv"));
    }

    @Test
    void aPathOfTheCommandLineIsSoughtInTheWorkingDirectoryOnly() {
        assertThatThrownBy(() -> read(FULL, "model.path=model"))
                .isInstanceOf(FedFmException.class)
                .hasMessageContaining("'model' is not there")
                .hasMessageContaining(working.resolve("model").toString())
                .hasMessageNotContaining(beside.toString());
    }

    @Test
    void aMissingFileNamesBothPlaces() {
        assertThatThrownBy(() -> read(FULL.replace("train.csv", "none.csv")))
                .hasMessageContaining(beside.resolve("none.csv").toString())
                .hasMessageContaining(working.resolve("none.csv").toString())
                .extracting("code")
                .isEqualTo(ErrorCode.FILE_UNREADABLE);
    }

    @Test
    void overridesAreTypedAsYaml() throws IOException {
        RunConfig config =
                read(
                        FULL,
                        "seed=9",
                        "client.optimizer.weight-decay=1e-4",
                        "peft.target_modules=[q, v]",
                        "federation.clients_per_round=all");

        assertThat(config.seed()).isEqualTo(9);
        assertThat(config.client().optimizer().weightDecay()).isEqualTo(1e-4);
        assertThat(config.client().optimizer().lr()).isEqualTo(5e-3);
        assertThat(config.peft().methods().get(0).values())
                .containsEntry("target_modules", List.of("q", "v"));
        assertThat(config.federation().clientsPerRound()).isZero();
    }

    @Test
    void anUnknownOverrideIsRefusedWithTheNearestKey() {
        assertThatThrownBy(() -> read(FULL, "client.optimiser.lr=1"))
                .hasMessageContaining("unknown setting 'client.optimiser'")
                .hasMessageContaining("did you mean 'optimizer'?");
    }

    @Test
    void allProblemsAreReportedAtOnceInOneLine() {
        String bad =
                FULL.replace("num_rounds", "num_round")
                        .replace("seq_cls", "seq_clz")
                        .replace("5e-3", "fast")
                        .replace("type: lora, ", "");

        assertThatThrownBy(() -> read(bad, "seeed=1"))
                .isInstanceOf(FedFmException.class)
                .hasMessageContaining("did you mean 'num_rounds'?")
                .hasMessageContaining("did you mean 'seed'?")
                .hasMessageContaining("did you mean 'SEQ_CLS'?")
                .hasMessageContaining("client.optimizer.lr must be a number, was 'fast'")
                .hasMessageContaining("peft.type is required")
                .hasMessageNotContaining("\n");
    }

    @Test
    void refusesAnOverrideThatIsNone() {
        assertThatThrownBy(() -> read(FULL, "seed")).hasMessageContaining("key=value");
        assertThatThrownBy(() -> read(FULL, "seed.x=1")).hasMessageContaining("is a value");
    }

    @Test
    void precisionOtherThanFp32IsRefused() {
        assertThatThrownBy(() -> read(FULL, "model.precision=int8"))
                .hasMessage("model.precision must be one of fp32, was 'int8'");
    }

    @Test
    void randomTokensNeedRows() {
        assertThatThrownBy(
                        () ->
                                read(
                                        "model: {path: model}\npeft: {type: lora}\n"
                                                + "data: {source: random-tokens}"))
                .hasMessageContaining("data.client_rows is required")
                .hasMessageContaining("model.num_labels is required")
                .hasMessageContaining("data.evaluate must be train");
    }

    @Test
    void theResolvedTextReadsBackToTheSame() throws IOException {
        RunConfig config = read(FULL, "peft.dropout=0.1", "data.text=yes", "data.label='1'");

        String resolved = ResolvedConfig.yaml(config);

        assertThat(read(resolved)).isEqualTo(config);
        assertThat(ResolvedConfig.yaml(read(resolved))).isEqualTo(resolved);
        assertThat(resolved).contains("weight_decay: 0.01");
    }

    @Test
    void peftMayBeAListOfMethods() throws IOException {
        String list =
                FULL.replace(
                        "peft: {type: lora, r: 8, target_modules: [query, value]}",
                        "peft: [{type: lora, r: 8}, {type: bitfit}]");

        RunConfig config = read(list, "peft.0.r=4", "peft.1.target_modules=[q]");

        assertThat(config.peft().type()).isEqualTo("lora+bitfit");
        assertThat(config.peft().methods())
                .extracting(PluginChoice::path)
                .containsExactly("peft.0", "peft.1");
        assertThat(config.peft().methods().get(0).values()).containsEntry("r", 4);
        assertThat(config.peft().methods().get(1).values())
                .containsEntry("target_modules", List.of("q"));
        assertThat(read(ResolvedConfig.yaml(config))).isEqualTo(config);
        assertThat(ResolvedConfig.peft(config))
                .isEqualTo("[{type: lora, r: 4}, {type: bitfit, target_modules: [q]}]");
    }

    @Test
    void aListOfMethodsIsCheckedToo() {
        String list = FULL.replaceFirst("peft: .*", "peft: [{type: lora}, {r: 8}, 3]");

        assertThatThrownBy(() -> read(list))
                .hasMessageContaining("peft.1.type is required")
                .hasMessageContaining("peft.2 must be a section of settings, was '3'");
        assertThatThrownBy(() -> read(FULL.replaceFirst("peft: .*", "peft: []")))
                .hasMessageContaining("peft must have at least one section");
        assertThatThrownBy(() -> read(list, "peft.r=4"))
                .hasMessageContaining("'peft' is a list; name a setting of one of its sections")
                .hasMessageContaining("peft.2.type");
        assertThatThrownBy(() -> read(list, "peft.3.r=4")).hasMessageContaining("'peft' is a list");
    }

    private RunConfig read(String yaml, String... overrides) throws IOException {
        Path file = Files.writeString(beside.resolve("run.yaml"), yaml);
        return new ConfigReader(working).read(file, List.of(overrides));
    }
}
