package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.peft.TextTokens;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.oracle.BackboneCheck;
import io.fedfm.runtime.oracle.CheckReport;
import io.fedfm.runtime.oracle.CheckReport.MethodCheck;
import io.fedfm.runtime.plugin.PluginRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every gradient of every method on every export of the six families, and on some of others. */
final class ModelCheckTest {
    private static final Path EXPORTS = Path.of("src/test/resources/exports");

    @TempDir private static Path cache;
    private static BackboneCheck check;

    @BeforeAll
    static void loadPlugins() {
        PluginRegistry plugins = InstalledPlugins.load();
        check =
                new BackboneCheck(
                        new GeneratedModels(cache),
                        cache,
                        folders -> plugins,
                        folder -> TextTokens.none());
    }

    static Stream<String> exports() throws IOException {
        return ExportedSitesTest.exports();
    }

    /** All methods with modules on two forms of each family, one by each exporter. */
    private static List<String> methods(String file) {
        List<String> methods = new ArrayList<>(List.of("lora", "adapter", "prefix"));
        if (!file.startsWith("vit")) {
            methods.add("prompt");
        }
        if (file.endsWith("-torchscript-eager.onnx") || file.endsWith("-dynamo-sdpa.onnx")) {
            methods.addAll(List.of("ia3", "vera"));
        }
        return methods;
    }

    @ParameterizedTest
    @MethodSource("exports")
    void gradientsOfMethodsWithModulesAreProved(String file) {
        List<String> methods = methods(file);
        CheckReport report = check.check(EXPORTS.resolve(file), methods, List.of());

        assertProved(report, methods);
        assertThat(report.sites().get(SiteKind.HIDDEN)).isEqualTo(12);
        assertThat(report.parameters()).isGreaterThan(10_000);
    }

    static Stream<String> families() throws IOException {
        return FamilySitesTest.files();
    }

    @ParameterizedTest
    @MethodSource("families")
    void gradientsAreProvedForEveryFamily(String file) {
        List<String> methods = List.of("lora", "adapter");
        assertProved(check.check(EXPORTS.resolve("families/" + file), methods, List.of()), methods);
    }

    private static void assertProved(CheckReport report, List<String> methods) {
        assertThat(report.unsupported()).isEmpty();
        assertThat(report.notApplicable()).isEmpty();
        assertThat(report.checks())
                .extracting(MethodCheck::method)
                .containsAll(methods)
                .contains("lora use_dora use_rslora")
                .hasSize(methods.size() + 1);
        assertThat(report.checks())
                .allSatisfy(
                        c -> {
                            assertThat(c.fusedVsSplit()).isLessThan(MethodCheck.EXACT);
                            // Two engines never agree to the last bit: nothing would be compared.
                            assertThat(c.fusedVsTorch()).isBetween(1e-9, MethodCheck.EXACT);
                            assertThat(c.directional()).isBetween(1e-9, MethodCheck.APPROXIMATE);
                        });
        assertThat(report.ok()).isTrue();
        assertThat(report.sites().get(SiteKind.ATTENTION)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "prefix, families/bloom-torchscript-eager-opset17-lm.onnx, a bias of positions",
        "prompt, families/bert-torchscript-eager-opset9.onnx, exactly 7 tokens",
        "full, ../quantised/bert-dynamic.onnx, is quantised"
    })
    void whereAMethodHasNoPlaceTheOthersAreChecked(String method, String file, String reason) {
        CheckReport report = check(file, method, "ln_tuning");

        assertThat(report.notApplicable()).singleElement().asString().contains(reason);
        assertThat(report.ok()).isTrue();
    }

    @Test
    void promptsAreNotApplicableToImages() {
        CheckReport report = check("vit-torchscript-eager.onnx", "lora", "prompt");

        assertThat(report.notApplicable())
                .singleElement()
                .asString()
                .startsWith("prompt: ")
                .contains("word embeddings");
        assertThat(report.ok()).isTrue();
        assertThat(check("vit-torchscript-eager.onnx", "prompt").ok()).isFalse();
    }

    /** Full fine-tuning has the gradients of all that BitFit and LayerNorm tuning train. */
    @ParameterizedTest
    @MethodSource("exports")
    void gradientsOfAllWeightsAreProved(String file) {
        CheckReport report = check(file, "full");

        assertThat(report.ok()).isTrue();
        MethodCheck check = report.checks().get(0);
        assertThat(check.fusedVsTorch()).isBetween(1e-9, MethodCheck.EXACT);
        assertThat(check.directional()).isBetween(1e-9, MethodCheck.APPROXIMATE);
        // A softmax does not see the bias of keys; where it is part of a packed one it is no
        // tensor.
        boolean keys = !file.startsWith("gpt2") && !file.startsWith("llama");
        assertThat(check.negligible())
                .hasSize(keys ? 2 : 0)
                .allMatch(name -> name.matches(".*(key|k_lin|k_proj)\\.bias"));
    }

    @ParameterizedTest
    @CsvSource({
        "bitfit, bert-dynamo-sdpa.onnx",
        "ln_tuning, llama-torchscript-eager.onnx",
        "full, families/dinov2-torchscript-sdpa-opset17.onnx",
        "full, families/deberta-v2-torchscript-eager-opset17.onnx",
        "mixture, families/opt-torchscript-eager-opset11-lm.onnx",
        "prefix, ../quantised/llama-qdq.onnx"
    })
    void gradientsAreProvedWhereGraphsAreUnusual(String method, String file) {
        assertThat(check(file, method).ok()).isTrue();
    }

    @Test
    void allInstalledMethodsAreCheckedIfNoneIsNamed() {
        CheckReport report = check("bert-torchscript-eager.onnx");

        assertThat(report.checks()).extracting(MethodCheck::method).contains("adapter", "lora");
    }

    @ParameterizedTest
    @CsvSource({
        "bert-optimised.onnx, MODEL_UNSUPPORTED",
        "bert-optimised-session.onnx, MODEL_UNSUPPORTED",
        "external-escape.onnx, MODEL_INVALID"
    })
    void unusableFilesAreRefused(String file, ErrorCode code) {
        assertThat(EXPORTS.resolve(file)).matches(Files::isRegularFile);
        assertThatThrownBy(() -> check(file))
                .isInstanceOfSatisfying(
                        FedFmException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aMethodThatIsNotInstalledIsRefused() {
        assertThatThrownBy(() -> check("bert-torchscript-eager.onnx", "lorra"))
                .isInstanceOf(FedFmException.class)
                .hasMessageContaining("did you mean 'lora'?");
    }

    private static CheckReport check(String file, String... methods) {
        return check.check(EXPORTS.resolve(file), List.of(methods), List.of());
    }
}
