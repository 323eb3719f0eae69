package io.fedfm.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.Site;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.program.FrozenBackbone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the files give in plain ONNX Runtime is what the program that trained gives. */
final class OnnxFormatTest {
    private static final String[] ALL = {"q", "k", "v", "qkv", "o", "up", "gate", "down"};

    @TempDir Path folder;

    static Stream<String> families() {
        return Stream.of(
                "bert-torchscript-eager.onnx",
                "bert-torchscript-eager-opset11.onnx",
                "bert-torchscript-seqcls.onnx",
                "bert-dynamo-sdpa.onnx",
                "distilbert-torchscript-sdpa.onnx",
                "gpt2-torchscript-eager.onnx",
                "gpt2-dynamo-sdpa.onnx",
                "llama-torchscript-eager.onnx",
                "llama-dynamo-eager.onnx",
                "vit-torchscript-sdpa.onnx",
                "vit-dynamo-eager.onnx");
    }

    @ParameterizedTest
    @MethodSource("families")
    void modulesThatDoNotFoldAreNodes(String file) throws Exception {
        BiFunction<FrozenBackbone, List<Site>, PeftPlan> plan =
                TrainedFixture.at(FoldingModules::curved, ALL);
        try (TrainedFixture trained = fixture(file, plan)) {
            OnnxFormat.ONNX.write(trained.model(), folder);
            assertSameLogits(trained, 1e-4f);
            assertThatThrownBy(() -> OnnxFormat.MERGED_ONNX.write(trained.model(), folder))
                    .isInstanceOfSatisfying(
                            FedFmException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.EXPORT_UNSUPPORTED))
                    .hasMessageContaining("--to onnx");
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void lowRankUpdatesAreFolded(String file) throws Exception {
        try (TrainedFixture trained =
                fixture(file, TrainedFixture.at(site -> FoldingModules.lora(site, 3), ALL))) {
            OnnxFormat.MERGED_ONNX.write(trained.model(), folder);
            assertSameLogits(trained, 1e-4f);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void shiftsAreFoldedAndBiasesAdded(String file) throws Exception {
        try (TrainedFixture trained =
                fixture(file, TrainedFixture.at(FoldingModules::affine, ALL))) {
            OnnxFormat.MERGED_ONNX.write(trained.model(), folder);
            assertSameLogits(trained, 1e-4f);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void scaledInputsAreFolded(String file) throws Exception {
        String[] whole = {"qkv", "o", "up", "gate", "down"};
        try (TrainedFixture trained =
                fixture(file, TrainedFixture.at(FoldingModules::inputScale, whole))) {
            OnnxFormat.MERGED_ONNX.write(trained.model(), folder);
            assertSameLogits(trained, 1e-4f);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void adaptersAreActiveOrNot(String file) throws Exception {
        // Ranks differ, so that smaller ones are filled up.
        BiFunction<FrozenBackbone, List<Site>, PeftPlan> plan =
                TrainedFixture.at(
                        site -> FoldingModules.lora(site, site.role().equals("q") ? 4 : 2), ALL);
        try (TrainedFixture trained = fixture(file, plan)) {
            OnnxFormat.ONNX_ADAPTER.write(trained.model(), folder);
            Path adapter = folder.resolve(OnnxFormat.ADAPTER);
            Path original = TrainedFixture.EXPORTS.resolve(file);
            try (PlainOrt model = new PlainOrt(folder.resolve(OnnxFormat.MODEL));
                    PlainOrt backbone = new PlainOrt(original)) {
                Map<String, Tensor> inputs = trained.inputs(3, 7);
                String logits = logits(model);
                assertThat(model.run(inputs, logits, adapter))
                        .containsExactly(trained.logits(inputs), within(1e-4f));
                boolean newHead = !trained.model().objective().parameters().isEmpty();
                for (String output : model.outputs()) {
                    if (newHead && output.equals(logits)) {
                        assertThat(model.run(inputs, output)).isEmpty();
                    } else {
                        assertThat(model.run(inputs, output))
                                .as(output)
                                .containsExactly(backbone.run(inputs, output), within(1e-5f));
                    }
                }
            }
        }
    }

    @Test
    void mergedModelsAreAsLargeAsTheBackbone() throws Exception {
        Path file = TrainedFixture.EXPORTS.resolve("bert-torchscript-sdpa.onnx");
        try (TrainedFixture trained =
                fixture(
                        "bert-torchscript-sdpa.onnx",
                        TrainedFixture.at(site -> FoldingModules.lora(site, 3), ALL))) {
            OnnxFormat.MERGED_ONNX.write(trained.model(), folder);
        }
        assertThat(Files.size(folder.resolve(OnnxFormat.MODEL)))
                .isCloseTo(Files.size(file), within(6_000L));
    }

    private TrainedFixture fixture(
            String file, BiFunction<FrozenBackbone, List<Site>, PeftPlan> plan) {
        return new TrainedFixture(
                TrainedFixture.EXPORTS.resolve(file), folder.resolve("cache"), plan);
    }

    private static String logits(PlainOrt model) {
        return model.outputs().contains("logits") ? "logits" : model.outputs().iterator().next();
    }

    private void assertSameLogits(TrainedFixture trained, float tolerance) throws Exception {
        try (PlainOrt model = new PlainOrt(folder.resolve(OnnxFormat.MODEL))) {
            assertThat(model.inputs()).isEqualTo(trained.backbone().graph().inputs().keySet());
            for (int rows = 1; rows <= 3; rows += 2) {
                Map<String, Tensor> inputs = trained.inputs(rows, 4 + rows);
                assertThat(model.run(inputs, logits(model)))
                        .containsExactly(trained.logits(inputs), within(tolerance));
            }
        }
    }
}
