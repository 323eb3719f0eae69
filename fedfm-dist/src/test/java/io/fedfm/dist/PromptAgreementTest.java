package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.CausalLanguageModelling;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.objective.Pooling;
import io.fedfm.runtime.objective.SequenceClassification;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.program.ProgramCompiler;
import io.fedfm.runtime.record.SafetensorsReader;
import java.nio.file.Path;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prompt tuning against the PEFT library: logits, loss and gradients of its saved adapters. */
final class PromptAgreementTest {
    private static final Path FIXTURES = Path.of("src/test/resources/peft");
    private static final double RELATIVE = 1e-4;

    @TempDir Path cache;

    @ParameterizedTest
    @CsvSource({
        "bert-prompt, true",
        "bert-prompt, false",
        "gpt2-prompt, true",
        "gpt2-prompt, false",
        "llama-prompt, true",
        "llama-prompt, false"
    })
    void agreesWithThePeftLibrary(String name, boolean fused) {
        Path folder = FIXTURES.resolve(name);
        String family = name.substring(0, name.indexOf('-'));
        Npz expected = Npz.read(folder.resolve("oracle.npz"));
        Path onnx = FIXTURES.resolve("models").resolve(family).resolve("model.onnx");
        try (BufferAllocator allocator = new RootAllocator();
                FrozenBackbone backbone = FrozenBackbone.of(OnnxReader.read(onnx), cache);
                ParameterVector saved =
                        SafetensorsReader.read(
                                folder.resolve("adapter_model.safetensors"), allocator)) {
            ProgramCompiler compiler =
                    new ProgramCompiler(
                            backbone,
                            plan(backbone, saved),
                            objective(backbone, family),
                            ExecutionProviders.cpu(),
                            1,
                            allocator);
            ParameterLayout layout = compiler.inline().layout();
            try (Program program = fused ? compiler.fused() : compiler.split();
                    ParameterVector parameters = ParameterVector.zeros(allocator, layout);
                    ParameterVector gradients = ParameterVector.zeros(allocator, layout)) {
                assertThat(layout.entries()).hasSameSizeAs(saved.layout().entries());
                for (ParameterLayout.Entry entry : layout.entries()) {
                    parameters.floats(entry.name()).put(saved.floats(peftName(entry.name())));
                }
                Batch batch = batch(expected, family);

                Tensor logits = program.logits(batch, parameters);
                double loss = program.step(batch, parameters, gradients, 0).loss();

                // Rows of padding see other masks in some exports, and count nowhere.
                if (family.equals("bert")) {
                    assertThat(logits.toFloats())
                            .containsExactly(expected.floats("logits"), within(1e-5f));
                }
                assertThat(logits.shape()).isEqualTo(expected.get("logits").shape());
                assertThat(loss)
                        .isCloseTo(expected.floats("loss")[0], within(RELATIVE))
                        .isCloseTo(program.evaluate(batch, parameters).loss(), within(1e-6));
                for (ParameterLayout.Entry entry : layout.entries()) {
                    float[] theirs = expected.floats("grad." + peftName(entry.name()));
                    float[] ours = new float[theirs.length];
                    gradients.floats(entry.name()).get(ours);
                    assertThat(AgreementRun.difference(ours, theirs))
                            .as(entry.name())
                            .isLessThan(
                                    RELATIVE
                                            * AgreementRun.difference(
                                                    theirs, new float[theirs.length]));
                }
            }
        }
    }

    private static PeftPlan plan(FrozenBackbone backbone, ParameterVector saved) {
        long tokens = saved.layout().entry("prompt_embeddings").dimensions()[0];
        return InstalledPlugins.load()
                .createMethod("prompt", Settings.of("peft", Map.of("num_virtual_tokens", tokens)))
                .plan(backbone.anatomy().backbone());
    }

    private static Objective objective(FrozenBackbone backbone, String family) {
        return family.equals("bert")
                ? new SequenceClassification(Pooling.POOLER, backbone.outputs().width(), 3)
                : new CausalLanguageModelling();
    }

    private static Batch batch(Npz npz, String family) {
        Tensor ids = npz.get("ids");
        Map<String, Tensor> inputs =
                new java.util.HashMap<>(
                        Map.of("input_ids", ids, "attention_mask", npz.get("mask")));
        if (family.equals("bert")) {
            inputs.put(
                    "token_type_ids",
                    Tensor.longs(new long[Math.toIntExact(ids.size())], ids.shape()));
        }
        return AgreementRun.batch(npz, inputs, "");
    }

    private static String peftName(String name) {
        return name.endsWith(".prompt_embeddings") ? "prompt_embeddings" : "base_model." + name;
    }
}
