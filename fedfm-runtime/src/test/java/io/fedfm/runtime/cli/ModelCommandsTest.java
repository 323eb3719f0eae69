package io.fedfm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.runtime.oracle.CheckReport;
import io.fedfm.runtime.oracle.ModelReport;
import io.fedfm.runtime.plugin.PluginInfo;
import io.fedfm.runtime.plugin.PluginKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelCommandsTest {
    private final CommandHarness fedfm = new CommandHarness(Path.of("."));

    @Test
    void inspectShowsValuesAndSites() {
        fedfm.inspector =
                model ->
                        new ModelReport(
                                model,
                                20,
                                7,
                                1234,
                                List.of(
                                        new ModelReport.Value(
                                                "input_ids", "int64", List.of("batch", "seq"))),
                                List.of(new ModelReport.Value("hidden", "float", List.of("?"))),
                                List.of(
                                        new Site(
                                                "l0.q",
                                                SiteKind.LINEAR,
                                                "q",
                                                0,
                                                "layer.0.q",
                                                8,
                                                16)));

        assertThat(fedfm.run("model", "inspect", "m.onnx")).isZero();
        assertThat(fedfm.out())
                .contains("opset 20, 7 operators, 1,234 parameters")
                .containsPattern("input +input_ids +int64 +\\[batch, seq]")
                .containsPattern("linear +q +0 +8 +16 +l0.q +layer.0.q");
        assertThat(fedfm.run("model", "inspect", "m.onnx", "--format", "json")).isZero();
        assertThat(fedfm.out())
                .contains("\"sites\":[{\"name\":\"l0.q\",\"kind\":\"linear\",\"role\":\"q\"")
                .contains("\"shape\":[8,16]");
    }

    @Test
    void checkWritesTheDocumentedJson() {
        fedfm.check =
                (model, methods, folders) ->
                        CheckReport.of(
                                Map.of(SiteKind.LINEAR, 6, SiteKind.HIDDEN, 4),
                                99,
                                List.of(
                                        new CheckReport.MethodCheck(
                                                methods.get(0), 1e-6, 2e-6, 0.5)),
                                List.of(),
                                List.of("prompt: no words"));

        assertThat(fedfm.run("model", "check", "m", "--method", "lora", "--format", "json"))
                .isEqualTo(1);
        assertThat(fedfm.out())
                .isEqualTo(
                        "{\"ok\":false,\"sites\":{\"linear\":6,\"hidden\":4,\"attention\":0,"
                                + "\"embedding\":0},\"parameters\":99,\"checks\":[{\"method\":"
                                + "\"lora\",\"fused_vs_split\":1.0E-6,\"fused_vs_torch\":2.0E-6,"
                                + "\"directional\":0.5,\"negligible\":[]}],\"unsupported\":[],"
                                + "\"not_applicable\":[\"prompt: no words\"]}\n");
    }

    @Test
    void checkSucceedsOnlyWithinBoundsWithSitesAndNothingUnsupported() {
        CheckReport.MethodCheck good = new CheckReport.MethodCheck("lora", 1e-5, 1e-5, 1e-3);
        CheckReport.MethodCheck nan = new CheckReport.MethodCheck("lora", Double.NaN, 0, 0);
        Map<SiteKind, Integer> sites = Map.of(SiteKind.LINEAR, 1);

        assertThat(exit(CheckReport.of(sites, 1, List.of(good), List.of(), List.of()))).isZero();
        assertThat(fedfm.out()).contains("ok");
        assertThat(exit(CheckReport.of(sites, 1, List.of(nan), List.of(), List.of()))).isEqualTo(1);
        assertThat(exit(CheckReport.of(Map.of(), 1, List.of(good), List.of(), List.of())))
                .isEqualTo(1);
        assertThat(exit(CheckReport.of(sites, 1, List.of(good), List.of("Loop n1"), List.of())))
                .isEqualTo(1);
        assertThat(fedfm.out()).contains("unsupported: Loop n1");
    }

    @Test
    void aMethodWithoutAPlaceIsNoFailureWhereAnotherHasOne() {
        CheckReport.MethodCheck good = new CheckReport.MethodCheck("lora", 1e-5, 1e-5, 1e-3);
        Map<SiteKind, Integer> sites = Map.of(SiteKind.LINEAR, 1);
        List<String> prompt = List.of("prompt: no words");

        assertThat(exit(CheckReport.of(sites, 1, List.of(good), List.of(), prompt))).isZero();
        assertThat(fedfm.out()).contains("not applicable: prompt: no words");
        assertThat(exit(CheckReport.of(sites, 1, List.of(), List.of(), prompt))).isEqualTo(1);
    }

    @Test
    void severalBackbonesComeToOneTable(@TempDir Path folder) throws IOException {
        fedfm.check =
                (model, methods, folders) -> {
                    if (model.endsWith("broken.onnx")) {
                        throw new FedFmException(ErrorCode.MODEL_INVALID, "no protobuf");
                    }
                    if (model.endsWith("missing.onnx")) {
                        throw new FedFmException(ErrorCode.FILE_UNREADABLE, "not there");
                    }
                    boolean images = model.endsWith("vit.onnx");
                    CheckReport.MethodCheck lora =
                            new CheckReport.MethodCheck("lora", 1e-6, images ? 3e-6 : 2e-6, 1e-4);
                    CheckReport.MethodCheck prompt =
                            new CheckReport.MethodCheck("prompt", 4e-5, 1e-7, 5e-4);
                    return CheckReport.of(
                            Map.of(SiteKind.LINEAR, 1),
                            1,
                            images ? List.of(lora) : List.of(lora, prompt),
                            List.of(),
                            images ? List.of("prompt: no words") : List.of());
                };
        Path page = folder.resolve("page.md");

        assertThat(fedfm.run("model", "check", "a/bert/model.onnx", "b/vit.onnx")).isZero();
        assertThat(fedfm.out())
                .containsPattern("model +lora +prompt +directional +ok")
                .containsPattern("bert +2.0e-06 +4.0e-05 +5.0e-04 +yes")
                .containsPattern("vit +3.0e-06 +- +1.0e-04 +yes")
                .containsPattern("largest +3.0e-06 +4.0e-05 +5.0e-04 +yes")
                .contains("vit: not applicable: prompt: no words");
        assertThat(
                        fedfm.run(
                                "model",
                                "check",
                                "b/vit.onnx",
                                "broken.onnx",
                                "--markdown",
                                "" + page))
                .isEqualTo(1);
        assertThat(fedfm.out()).contains("broken: refused: no protobuf");
        assertThat(fedfm.run("model", "check", "missing.onnx", "b/vit.onnx")).isEqualTo(1);
        assertThat(fedfm.out()).contains("missing: refused: not there").contains("vit ");
        assertThat(page)
                .content()
                .contains("| vit | 3.0e-06 | 1.0e-04 | yes |", "* broken: refused: no protobuf");
        assertThat(fedfm.run("model", "check", "b/vit.onnx", "broken.onnx", "--format", "json"))
                .isEqualTo(1);
        assertThat(fedfm.out())
                .startsWith("{\"ok\":false,\"models\":[{\"model\":\"b/vit.onnx\",\"ok\":true,")
                .endsWith(
                        "{\"model\":\"broken.onnx\",\"ok\":false,\"refused\":\"no protobuf\"}]}\n");
    }

    @Test
    void pluginsAreListedWithWhereTheyCameFrom() {
        fedfm.catalog =
                folders ->
                        List.of(
                                new PluginInfo(
                                        PluginKind.PEFT,
                                        "lora",
                                        Path.of("plugins/lora.jar"),
                                        1,
                                        "0.1.0",
                                        "0123456789abcdef0123"));

        assertThat(fedfm.run("plugins", "list")).isZero();
        assertThat(fedfm.out())
                .containsPattern("peft +lora +0.1.0 +1 +0123456789ab +plugins/lora.jar");
        assertThat(fedfm.run("plugins", "list", "--format", "json")).isZero();
        assertThat(fedfm.out())
                .isEqualTo(
                        "{\"plugins\":[{\"kind\":\"peft\",\"name\":\"lora\",\"version\":\"0.1.0\","
                                + "\"api_version\":1,\"sha256\":\"0123456789abcdef0123\",\"jar\":"
                                + "\"plugins/lora.jar\"}]}\n");
    }

    private int exit(CheckReport report) {
        fedfm.check = (model, methods, folders) -> report;
        return fedfm.run("model", "check", "m");
    }
}
