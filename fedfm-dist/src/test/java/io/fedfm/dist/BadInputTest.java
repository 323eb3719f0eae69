package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Input that cannot be run on: one line that says what, where and what to do; nothing written. */
final class BadInputTest {
    private static final Path EXPORTS = Path.of("src/test/resources/exports").toAbsolutePath();

    @TempDir private Path folder;
    private Fedfm fedfm;

    @BeforeEach
    void writeSettings() throws IOException {
        fedfm = Fedfm.in(folder);
    }

    @Test
    void missingFiles() throws Exception {
        refused(List.of("run", "none.yaml"), "FILE_UNREADABLE", "none.yaml");
        refused(small("model.path=none"), "FILE_UNREADABLE", "model.path", "'none'");
        refused(small("data.path=none.csv"), "FILE_UNREADABLE", "data.path", "'none.csv'");
    }

    @Test
    void filesThatAreNoModels() throws Exception {
        byte[] whole = Files.readAllBytes(Fedfm.MODEL.resolve("model.onnx"));
        Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(folder.resolve("text.onnx"), "not a model");

        refused(small("model.path=cut.onnx"), "MODEL_INVALID", "cut.onnx", "cut short");
        refused(small("model.path=text.onnx"), "MODEL_INVALID", "text.onnx");
        refused(
                small("model.path=" + EXPORTS.resolve("external-escape.onnx")),
                "MODEL_INVALID",
                "../outside.bin",
                "not inside the model's folder");
    }

    @Test
    void modelWithoutTokenizer() throws Exception {
        Path bare = Files.createDirectory(folder.resolve("bare"));
        Files.copy(Fedfm.MODEL.resolve("model.onnx"), bare.resolve("model.onnx"));

        refused(small("model.path=bare"), "FILE_UNREADABLE", "tokenizer.json", "bare");
    }

    @Test
    void modelThatIsNotWhatItsPropertiesSay() throws Exception {
        Path changed = Files.createDirectory(folder.resolve("changed"));
        Files.copy(EXPORTS.resolve("bert-dynamo-eager.onnx"), changed.resolve("model.onnx"));
        for (String file : List.of("model.properties", "tokenizer.json", "config.json")) {
            Files.copy(Fedfm.MODEL.resolve(file), changed.resolve(file));
        }

        refused(small("model.path=changed"), "MODEL_INVALID", "SHA-256", "model.properties");
    }

    @Test
    void dataThatCannotBeLearnt() throws Exception {
        Files.writeString(folder.resolve("unlabelled.csv"), "text,label\na b,x\nc d,\ne f,y\n");

        refused(
                small("data.path=unlabelled.csv"),
                "DATA_INVALID",
                "unlabelled.csv:3",
                "no label",
                "label it or remove it");
        refused(small("model.num_labels=7"), "DATA_INVALID", "num_labels is 7", "12 labels");
        refused(small("data.text=words"), "DATA_INVALID", "'words'");
    }

    @Test
    void settingsThatAreNotThere() throws Exception {
        refused(
                small("federation.num_round=2"),
                "SETTINGS_INVALID",
                "'federation.num_round'",
                "did you mean 'num_rounds'?");
        refused(
                small("federation.num_rounds=many"),
                "SETTINGS_INVALID",
                "federation.num_rounds must be a whole number, was 'many'");
        refused(small("peft.type=lorra"), "SETTINGS_INVALID", "did you mean 'lora'?", "adapter");
        refused(small("peft.rank=4"), "SETTINGS_INVALID", "peft.rank");
        refused(
                small("federation.clients_per_round=5"),
                "SETTINGS_INVALID",
                "clients_per_round is 5",
                "4 clients");
    }

    @Test
    void settingsThatAreNoYaml() throws Exception {
        Files.writeString(folder.resolve("bad.yaml"), "seed: 1\nmodel: {path: x\npeft: [\n");

        refused(
                List.of("run", "bad.yaml"),
                "SETTINGS_INVALID",
                "bad.yaml, line 3",
                "expected ',' or '}'");
    }

    @Test
    void targetsThatMatchNothing() throws Exception {
        refused(
                small("peft.target_modules=[querry]"),
                "TARGETS_UNMATCHED",
                "'querry'",
                "[dense, key, query, value]",
                "did you mean 'query'?");
    }

    @Test
    void providerThatIsNotThere() throws Exception {
        refused(small("model.providers=[cuda]"), "PROVIDER_UNAVAILABLE", "'cuda'", "-Pgpu");
    }

    @Test
    void pluginsThatCannotBeLoaded() throws Exception {
        Path none = Files.createDirectory(folder.resolve("none"));
        Files.writeString(none.resolve("broken.jar"), "not a jar");
        Path twice = Files.createDirectory(folder.resolve("twice"));
        Path lora = InstalledPlugins.folder().resolve("lora/lora.jar");
        Files.copy(lora, twice.resolve("again.jar"));

        refused(
                List.of("run", "small.yaml", "--plugins", "none"),
                "PLUGIN_INVALID",
                "broken.jar",
                "not a jar");
        refused(
                List.of("run", "small.yaml", "--plugins", "twice"),
                "PLUGIN_INVALID",
                "'lora'",
                "again.jar",
                "lora.jar",
                "remove one");
    }

    @Test
    void runsThatCannotBeResumed() throws Exception {
        Files.createDirectories(folder.resolve("elsewhere/empty"));

        refused(
                List.of("run", "--resume", "elsewhere/empty"),
                "CHECKPOINT_INVALID",
                "elsewhere/empty");
        refused(List.of("run", "--resume", "latest"), "CHECKPOINT_INVALID", "no run to resume");
    }

    @Test
    void commandsThatDoNotExist() throws Exception {
        refused(List.of("rum"), "USAGE", "'rum'", "did you mean 'run'?", "--help");
        refused(List.of("run", "small.yaml", "--work", "2"), "USAGE", "--work", "--help");
        refused(List.of("run", "small.yaml", "--format", "xml"), "USAGE", "--format", "'xml'");
        refused(List.of("model", "inspect"), "USAGE", "PATH");
    }

    private static List<Object> small(String setting) {
        return List.of("run", "small.yaml", "-c", setting);
    }

    private void refused(List<?> arguments, String code, String... said) throws Exception {
        List<Path> before = entries();

        Shell.Result result = fedfm.run(arguments.toArray());

        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).hasLineCount(1).startsWith("error[" + code + "]: ").contains(said);
        assertThat(entries()).isEqualTo(before);
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted().toList();
        }
    }
}
