package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.CausalLanguageModelling;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.objective.Pooling;
import io.fedfm.runtime.objective.SequenceClassification;
import io.fedfm.runtime.plugin.PluginRegistry;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.program.ProgramCompiler;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Logits, loss and gradients with a prefix against the PEFT library's: rows padded on the right and
 * one that is masked whole, moved positions, causal masks, heads that share keys.
 */
final class PrefixAgreementTest {
    private static final Path FIXTURES = Path.of("src/test/resources");
    private static final int TOKENS = 3;
    private static final int SIZE = 8;

    @TempDir private static Path cache;
    private static PluginRegistry plugins;

    @BeforeAll
    static void loadPlugins() {
        plugins = InstalledPlugins.load();
    }

    @ParameterizedTest
    @CsvSource({
        "bert-torchscript-eager, bert",
        "bert-torchscript-sdpa, bert",
        "bert-dynamo-eager, bert",
        "bert-dynamo-sdpa, bert",
        "bert-torchscript-eager-opset11, bert",
        "roberta-torchscript-eager, roberta",
        "roberta-torchscript-sdpa, roberta",
        "roberta-dynamo-eager, roberta",
        "roberta-dynamo-sdpa, roberta",
        "gpt2-torchscript-eager, gpt2",
        "gpt2-dynamo-eager, gpt2",
        "gpt2-torchscript-sdpa, gpt2-lm",
        "gpt2-dynamo-sdpa, gpt2-lm",
        "llama-torchscript-eager, llama",
        "llama-dynamo-eager, llama",
        "llama-torchscript-sdpa, llama-lm",
        "llama-dynamo-sdpa, llama-lm"
    })
    void agreesWithThePeftLibrary(String export, String fixture) {
        Npz npz = Npz.read(FIXTURES.resolve("agreement/prefix/" + fixture + ".npz"));
        Graph graph = OnnxReader.read(FIXTURES.resolve("exports/" + export + ".onnx"));
        try (BufferAllocator allocator = new RootAllocator();
                FrozenBackbone backbone = FrozenBackbone.of(graph, cache)) {
            ProgramCompiler compiler = compiler(backbone, fixture.endsWith("-lm"), allocator);
            Expected expected = new Expected(npz, compiler.inline().layout());
            Batch batch = batch(npz, graph);
            assertThat(backbone.anatomy().positions().complete()).isTrue();
            try (Program fused = compiler.fused();
                    Program split = compiler.split()) {
                expected.check(fused, batch, allocator);
                expected.check(split, batch, allocator);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-prefix", "gpt2-prefix", "llama-prefix"})
    void aPrefixThatThePeftLibrarySavedGivesTheSameLogits(String adapter) {
        try (BufferAllocator allocator = new RootAllocator();
                PeftFixture fixture = new PeftFixture(adapter, cache, allocator);
                Program program = fixture.planned().compiler().fused();
                ParameterVector parameters = fixture.parameters()) {
            Batch batch = fixture.batch();
            assertThat(program.logits(batch, parameters).toFloats())
                    .containsExactly(fixture.oracle().floats("logits"), within(1e-4f));
            assertThat(program.evaluate(batch, parameters).loss())
                    .isCloseTo(fixture.oracle().floats("loss")[0], within(1e-4));
        }
    }

    private static ProgramCompiler compiler(
            FrozenBackbone backbone, boolean causal, BufferAllocator allocator) {
        PeftPlan plan =
                plugins.createMethod(
                                "prefix", Settings.of("peft", Map.of("num_virtual_tokens", TOKENS)))
                        .plan(backbone.anatomy().backbone());
        Objective objective =
                causal
                        ? new CausalLanguageModelling()
                        : new SequenceClassification(Pooling.FIRST, backbone.outputs().width(), 4);
        return new ProgramCompiler(
                backbone, plan, objective, ExecutionProviders.cpu(), 1, allocator);
    }

    private static Batch batch(Npz npz, Graph graph) {
        Map<String, Tensor> feeds = new HashMap<>();
        graph.inputs().keySet().forEach(name -> feeds.put(name, npz.get(name)));
        feeds.put(Batch.LABELS, npz.get("labels"));
        long[] shape = npz.get("input_ids").shape();
        return new Batch(feeds, (int) shape[0], (int) shape[1]);
    }

    /** The arrays of a fixture under our names. */
    private record Expected(Npz npz, ParameterLayout layout) {
        void check(Program program, Batch batch, BufferAllocator allocator) {
            try (ParameterVector parameters = ParameterVector.zeros(allocator, layout);
                    ParameterVector gradients = ParameterVector.zeros(allocator, layout)) {
                for (ParameterLayout.Entry entry : layout.entries()) {
                    parameters.floats(entry.name()).put(array("", entry));
                }
                assertThat(program.logits(batch, parameters).toFloats())
                        .containsExactly(npz.floats("logits"), within(2e-5f));
                double loss = program.step(batch, parameters, gradients, 0).loss();
                assertThat(loss).isCloseTo(npz.floats("loss")[0], within(1e-5));
                for (ParameterLayout.Entry entry : layout.entries()) {
                    if (!entry.name().equals(SequenceClassification.BIAS)) {
                        float[] found = new float[Math.toIntExact(entry.size())];
                        gradients.floats(entry.name()).get(found);
                        assertClose(entry.name(), found, array("grad.", entry));
                    }
                }
            }
        }

        private float[] array(String kind, ParameterLayout.Entry entry) {
            return entry.name().contains("prefix_")
                    ? prefix(npz.get(kind + "prompt"), entry)
                    : npz.floats(kind + entry.name());
        }

        /**
         * From [tokens, layers, keys and values, heads, size] to [heads, tokens, size] of a layer.
         */
        private static float[] prefix(Tensor prompt, ParameterLayout.Entry entry) {
            int layer = entry.name().startsWith("layers.0.") ? 0 : 1;
            int part = 2 * layer + (entry.name().endsWith("prefix_key") ? 0 : 1);
            int heads = (int) entry.dimensions()[0];
            int width = (int) prompt.shape()[1];
            float[] all = prompt.toFloats();
            FloatBuffer values = FloatBuffer.allocate(heads * TOKENS * SIZE);
            for (int head = 0; head < heads; head++) {
                for (int token = 0; token < TOKENS; token++) {
                    values.put(all, token * width + (part * heads + head) * SIZE, SIZE);
                }
            }
            return values.array();
        }

        private static void assertClose(String name, float[] found, float[] expected) {
            double difference = 0;
            double norm = 0;
            for (int i = 0; i < expected.length; i++) {
                difference += Math.pow(found[i] - expected[i], 2);
                norm += Math.pow(expected[i], 2);
            }
            assertThat(Math.sqrt(difference / norm)).as(name).isLessThan(1e-4);
        }
    }
}
