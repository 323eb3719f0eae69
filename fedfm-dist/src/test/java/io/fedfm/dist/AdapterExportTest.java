package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run trained, written for other tools by the installed launcher. */
final class AdapterExportTest {
    @TempDir private Path folder;
    private Fedfm fedfm;

    @BeforeEach
    void run() throws Exception {
        fedfm = Fedfm.in(folder);
    }

    @Test
    void peftAdapterOfARunIsReadByAnotherReaderAndIsTheSameTwice() throws Exception {
        fedfm.small("federation.num_rounds=2");

        fedfm.json("adapter", "export", "latest", "--to", "peft", "--output", "one");
        JsonNode report =
                fedfm.json("adapter", "export", "latest", "--to", "peft", "--output", "two");

        assertThat(report.get("notes")).hasSize(1);
        for (JsonNode file : report.get("files")) {
            String name = file.get("name").asText();
            assertThat(folder.resolve("one").resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("two").resolve(name));
        }
        JsonNode config = fedfm.read(folder.resolve("one/adapter_config.json"));
        assertThat(config.get("task_type").asText()).isEqualTo("FEATURE_EXTRACTION");
        assertThat(config.get("peft_type").asText()).isEqualTo("LORA");
        assertThat(names(folder.resolve("one/adapter_model.safetensors")))
                .contains("base_model.model.encoder.layer.0.attention.self.query.lora_A.weight")
                .isSorted();
        assertThat(names(folder.resolve("one/head.safetensors")))
                .containsExactly("classifier.bias", "classifier.weight");
    }

    @Test
    void whatExistsIsNotOverwrittenAndFormatsAreNamed() throws Exception {
        fedfm.small("federation.num_rounds=1");
        Files.createDirectory(folder.resolve("mine"));

        Shell.Result there =
                fedfm.run("adapter", "export", "latest", "--to", "peft", "--output", "mine");
        Shell.Result unknown = fedfm.run("adapter", "export", "latest", "--to", "peff");
        Shell.Result round =
                fedfm.run("adapter", "export", "latest", "--to", "peft", "--round", "7");

        assertThat(there.err()).startsWith("error[SETTINGS_INVALID]").contains("mine");
        assertThat(unknown.err()).contains("did you mean 'peft'?");
        assertThat(round.err()).startsWith("error[CHECKPOINT_INVALID]").contains("[1]");
        assertThat(List.of(there.exitCode(), unknown.exitCode(), round.exitCode())).containsOnly(2);
    }

    @Test
    void bottleneckAdaptersHaveNoPlaceInPeft() throws Exception {
        fedfm.small("federation.num_rounds=1", "peft={type: adapter, bottleneck: 4}");

        Shell.Result result =
                fedfm.run("adapter", "export", "latest", "--to", "peft", "--output", "out");

        assertThat(result.err()).startsWith("error[EXPORT_UNSUPPORTED]").contains("adapterhub");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void bottleneckAdaptersAreLaidOutForAdapterHub() throws Exception {
        fedfm.small("federation.num_rounds=1", "peft={type: adapter, placement: houlsby}");

        fedfm.json("adapter", "export", "latest", "--to", "adapterhub", "--output", "hub");

        String module = "bert.encoder.layer.0.%soutput.adapters.fedfm.%s";
        assertThat(names(folder.resolve("hub/adapter.safetensors")))
                .contains(
                        module.formatted("attention.", "adapter_down.0.weight"),
                        module.formatted("", "adapter_up.bias"));
        JsonNode config = fedfm.read(folder.resolve("hub/adapter_config.json")).get("config");
        assertThat(config.get("mh_adapter").asBoolean()).isTrue();
        assertThat(config.get("original_ln_after").asBoolean()).isTrue();
        assertThat(config.get("reduction_factor").asDouble()).isEqualTo(8);
        JsonNode verified = fedfm.json("adapter", "verify", "hub", "--run", "latest");
        assertThat(verified.get("ok").asBoolean()).isTrue();
        assertThat(verified.get("loaded").asText()).isEqualTo("adapter of AdapterHub");
    }

    @Test
    void theHeadOfAClientIsExported() throws Exception {
        fedfm.small("federation.num_rounds=1", "federation.head=local");

        for (String client : List.of("0", "1")) {
            fedfm.json(
                    "adapter",
                    "export",
                    "latest",
                    "--to",
                    "onnx",
                    "--client",
                    client,
                    "--output",
                    "of" + client);
        }

        assertThat(verification("of0", "0").exitCode()).isZero();
        assertThat(verification("of1", "1").exitCode()).isZero();
        assertThat(verification("of1", "0").exitCode()).isEqualTo(1);
    }

    private Shell.Result verification(String export, String client) throws Exception {
        return fedfm.run("adapter", "verify", export, "--run", "latest", "--client", client);
    }

    @Test
    void aTaggerIsExported() throws Exception {
        fedfm.json(
                "run",
                Fedfm.ROOT.resolve("examples/entities.yaml"),
                "-c",
                "federation.num_rounds=1");

        for (String form : List.of("onnx", "merged-onnx", "peft")) {
            fedfm.json("adapter", "export", "latest", "--to", form, "--output", form);
            JsonNode verified = fedfm.json("adapter", "verify", form, "--run", "latest");
            assertThat(verified.get("ok").asBoolean()).as(form).isTrue();
        }
    }

    @Test
    void everyLayerMayHaveAMethodOfItsOwn() throws Exception {
        fedfm.small(
                "federation.num_rounds=1",
                "peft=[{type: lora, r: 2, target_modules: q, layers_to_transform: [0]},"
                        + " {type: adapter, bottleneck: 4, layers_to_transform: [1]},"
                        + " {type: bitfit, layers_to_transform: [2]}]");

        fedfm.json("adapter", "export", "latest", "--to", "safetensors", "--output", "plain");
        fedfm.json("adapter", "export", "latest", "--to", "onnx", "--output", "onnx");

        assertThat(names(folder.resolve("plain/adapter.safetensors")))
                .contains(
                        "encoder.layer.0.attention.self.query.lora_A",
                        "layers.1.ffn_norm.down.weight",
                        "encoder.layer.2.output.dense.bias")
                .noneMatch(name -> name.startsWith("layers.0.") || name.startsWith("layers.2."))
                .noneMatch(name -> name.contains("layer.1."));
        for (String export : List.of("plain", "onnx")) {
            JsonNode verified = fedfm.json("adapter", "verify", export, "--run", "latest");
            assertThat(verified.get("ok").asBoolean()).isTrue();
        }
    }

    @Test
    void layersWithoutAnAdapterAreLeftOutForAdapterHub() throws Exception {
        fedfm.small("federation.num_rounds=1", "peft={type: adapter, layers_to_transform: [1]}");

        fedfm.json("adapter", "export", "latest", "--to", "adapterhub", "--output", "hub");

        JsonNode config = fedfm.read(folder.resolve("hub/adapter_config.json")).get("config");
        assertThat(config.get("leave_out").toString()).isEqualTo("[0,2]");
        assertThat(names(folder.resolve("hub/adapter.safetensors")))
                .allMatch(name -> name.startsWith("bert.encoder.layer.1."));
        assertThat(fedfm.json("adapter", "verify", "hub", "--run", "latest").get("ok").asBoolean())
                .isTrue();
    }

    @Test
    void anAdapterHubFolderOfAnotherActivationIsNoExportOfTheRun() throws Exception {
        fedfm.small("federation.num_rounds=1", "peft={type: adapter, placement: houlsby}");
        fedfm.json("adapter", "export", "latest", "--to", "adapterhub", "--output", "hub");
        Path config = folder.resolve("hub/adapter_config.json");
        Files.writeString(config, Files.readString(config).replace("\"relu\"", "\"tanh\""));

        Shell.Result result = fedfm.run("adapter", "verify", "hub", "--run", "latest");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("error[ADAPTER_INVALID]").contains("tanh");
    }

    /** PEFT keeps what the network makes, and so does the run that the adapter is imported into. */
    @Test
    void prefixesThatANetworkMakesAreWrittenAsThePrefixesTheyAre() throws Exception {
        fedfm.small(
                "federation.num_rounds=1",
                "peft={type: prefix, num_virtual_tokens: 3, prefix_projection: true,"
                        + " encoder_hidden_size: 5}");
        fedfm.json("adapter", "export", "latest", "--to", "peft", "--output", "out");
        fedfm.json("adapter", "export", "latest", "--to", "onnx", "--output", "onnx");

        JsonNode verified = fedfm.json("adapter", "verify", "out", "--run", "latest");
        fedfm.json("adapter", "import", "out", "small.yaml", "--runs", "imported");
        JsonNode imported =
                fedfm.json("adapter", "verify", "onnx", "--run", "latest", "--runs", "imported");

        assertThat(names(folder.resolve("out/adapter_model.safetensors")))
                .containsExactly("prompt_embeddings");
        JsonNode config = fedfm.read(folder.resolve("out/adapter_config.json"));
        assertThat(config.get("prefix_projection").asBoolean()).isTrue();
        assertThat(config.get("encoder_hidden_size").asInt()).isEqualTo(5);
        assertThat(verified.get("ok").asBoolean()).isTrue();
        assertThat(imported.get("ok").asBoolean()).isTrue();
    }

    @Test
    void importedAdapterIsExportedAgainAndTrainedOn() throws Exception {
        fedfm.small("federation.num_rounds=1");
        fedfm.json("adapter", "export", "latest", "--to", "peft", "--output", "out");

        JsonNode run = fedfm.json("adapter", "import", "out", "small.yaml", "--runs", "imported");
        fedfm.json(
                "adapter",
                "export",
                "latest",
                "--runs",
                "imported",
                "--to",
                "peft",
                "--output",
                "again");
        JsonNode trained = fedfm.json("run", "--resume", "latest", "--runs", "imported");

        assertThat(run.get("fresh_head").asBoolean()).isFalse();
        for (String file : List.of("adapter_model.safetensors", "head.safetensors")) {
            assertThat(folder.resolve("again").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("out").resolve(file));
        }
        assertThat(trained.get("rounds").asInt()).isEqualTo(3);
    }

    @Test
    void adapterOfAnotherModelIsRefusedByName() throws Exception {
        Path other = PeftFixture.FOLDER.resolve("llama-lora").toAbsolutePath();

        Shell.Result result = fedfm.run("adapter", "import", other, "small.yaml");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("error[ADAPTER_INVALID]")
                .contains("model.layers.0.mlp.down_proj")
                .hasLineCount(1);
    }

    /** DJL has a reader of its own. */
    private static List<String> names(Path safetensors) throws IOException {
        List<String> names = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                InputStream in = Files.newInputStream(safetensors)) {
            for (NDArray array : NDList.decode(manager, in)) {
                names.add(array.getName());
                assertThat(array.isNaN().any().getBoolean()).isFalse();
            }
        }
        names.sort(String::compareTo);
        return names;
    }
}
