package io.fedfm.dist;

import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.foundation.Foundation;
import io.fedfm.runtime.foundation.FoundationShape;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.FrozenBackbone;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logits, loss, gradients and ten steps of AdamW with clipping, against PyTorch's. */
final class TorchAgreementTest {
    private static final Path FIXTURES = Path.of("src/test/resources/agreement");

    @TempDir Path cache;

    private enum Execution {
        FUSED,
        SPLIT
    }

    @ParameterizedTest
    @EnumSource(Execution.class)
    void referenceTransformerWithAdapters(Execution execution) {
        Npz npz = Npz.read(FIXTURES.resolve("reference-adapters.npz"));
        Graph graph =
                Foundation.build(
                        new FoundationShape(32, 2, 4, 50, 12), (name, shape) -> weight(npz, name));
        Settings settings =
                Settings.of(
                        "peft",
                        Map.of("bottleneck", 4, "placement", "after_norm", "activation", "relu"));
        UnaryOperator<String> names =
                name ->
                        name.replace("layers.", "blocks.")
                                .replace("attention_norm", "adapter1")
                                .replace("ffn_norm", "adapter2");
        Function<String, Batch> batches =
                suffix ->
                        AgreementRun.batch(
                                npz, Map.of("input_ids", npz.get("ids" + suffix)), suffix);
        check(graph, "adapter", settings, execution, npz, names, batches);
    }

    @ParameterizedTest
    @EnumSource(Execution.class)
    void bertWithLora(Execution execution) {
        Npz npz = Npz.read(FIXTURES.resolve("bert-lora.npz"));
        Graph graph = OnnxReader.read(FIXTURES.resolve("bert-lora.onnx"));
        Settings settings =
                Settings.of(
                        "peft",
                        Map.of(
                                "r",
                                4,
                                "lora_alpha",
                                8,
                                "target_modules",
                                List.of("query", "value")));
        Function<String, Batch> batches =
                suffix -> AgreementRun.batch(npz, bertInputs(npz, suffix), suffix);
        check(graph, "lora", settings, execution, npz, UnaryOperator.identity(), batches);
    }

    private void check(
            Graph graph,
            String method,
            Settings settings,
            Execution execution,
            Npz npz,
            UnaryOperator<String> names,
            Function<String, Batch> batches) {
        try (BufferAllocator allocator = new RootAllocator();
                FrozenBackbone backbone = FrozenBackbone.of(graph, cache)) {
            PeftPlan plan =
                    InstalledPlugins.load()
                            .createMethod(method, settings)
                            .plan(backbone.anatomy().backbone());
            boolean fused = execution == Execution.FUSED;
            try (AgreementRun run =
                    new AgreementRun(backbone, plan, fused, npz, names, batches, allocator)) {
                run.assertSameParameters();
                run.assertSameLogits();
                run.assertSameGradients();
                run.assertSameTraining();
            }
        }
    }

    private static float[] weight(Npz npz, String name) {
        return npz.floats(npz.has(name) ? name : name + ".weight");
    }

    private static Map<String, Tensor> bertInputs(Npz npz, String suffix) {
        Tensor ids = npz.get("ids" + suffix);
        return Map.of(
                "input_ids",
                ids,
                "attention_mask",
                npz.get("mask" + suffix),
                "token_type_ids",
                Tensor.longs(new long[Math.toIntExact(ids.size())], ids.shape()));
    }
}
