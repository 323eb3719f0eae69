package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.TextTokens;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.Pooling;
import io.fedfm.runtime.objective.SequenceClassification;
import io.fedfm.runtime.oracle.BackboneCheck;
import io.fedfm.runtime.oracle.CheckReport;
import io.fedfm.runtime.plugin.PluginRegistry;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.program.ProgramCompiler;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backbones that a quantiser wrote, beside the float ones they were made of. */
final class QuantisedBackboneTest {
    private static final Path RESOURCES = Path.of("src/test/resources");

    @TempDir private static Path cache;
    private static PluginRegistry plugins;

    @BeforeAll
    static void loadPlugins() {
        plugins = InstalledPlugins.load();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert-dynamic",
                "bert-dynamic-channels",
                "bert-qdq",
                "llama-dynamic",
                "llama-dynamic-channels",
                "llama-qdq"
            })
    void gradientsPointWhereThoseOfTheFloatBackbonePoint(String name) {
        Map<String, float[]> quantised = gradients(quantised(name));
        Map<String, float[]> floats =
                gradients(
                        RESOURCES.resolve(
                                "exports/" + name.split("-")[0] + "-torchscript-eager.onnx"));

        assertThat(quantised.keySet()).isEqualTo(floats.keySet());
        floats.forEach(
                (parameter, gradient) ->
                        assertThat(cosine(quantised.get(parameter), gradient))
                                .as(parameter)
                                .isBetween(0.99, 1 - 1e-9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-dynamic", "bert-qdq", "llama-dynamic-channels", "llama-qdq"})
    void gradientsAreProved(String name) {
        BackboneCheck check =
                new BackboneCheck(
                        new GeneratedModels(cache),
                        cache,
                        folders -> plugins,
                        folder -> TextTokens.none());

        CheckReport report = check.check(quantised(name), List.of("lora", "adapter"), List.of());

        assertThat(report.ok()).as(report.toString()).isTrue();
        assertThat(report.checks()).allMatch(CheckReport.MethodCheck::rounded);
    }

    @Test
    void matricesStayIntegersInMemoryAndInTheFile() {
        try (FrozenBackbone backbone =
                FrozenBackbone.of(OnnxReader.read(quantised("bert-dynamic")), cache)) {
            assertThat(backbone.graph().initializers().values())
                    .filteredOn(t -> t.type() == ElementType.FLOAT && t.shape().length > 1)
                    .allMatch(t -> t.size() < 1024);
        }
    }

    @Test
    void aBackboneQuantisedAroundEveryOperatorHasTheSitesOfTheFloatOne() {
        assertThat(sites(quantised("bert-qdq-all")))
                .isEqualTo(sites(RESOURCES.resolve("exports/bert-torchscript-eager.onnx")));
    }

    private static List<Site> sites(Path model) {
        try (FrozenBackbone backbone = FrozenBackbone.of(OnnxReader.read(model), cache)) {
            return backbone.anatomy().backbone().sites();
        }
    }

    @Test
    void integersCannotBePromoted() {
        try (FrozenBackbone backbone =
                        FrozenBackbone.of(OnnxReader.read(quantised("bert-dynamic")), cache);
                BufferAllocator allocator = new RootAllocator()) {
            String weight = backbone.anatomy().linears().get(0).weight();
            PeftPlan plan = new PeftPlan(List.of(), List.of(weight));

            assertThatThrownBy(() -> compiler(backbone, plan, allocator).fused())
                    .isInstanceOf(FedFmException.class)
                    .hasMessageContaining("'" + weight + "' is stored as int8");
        }
    }

    private static Path quantised(String name) {
        return RESOURCES.resolve("quantised/" + name + ".onnx");
    }

    private static ProgramCompiler compiler(
            FrozenBackbone backbone, PeftPlan plan, BufferAllocator allocator) {
        return new ProgramCompiler(
                backbone,
                plan,
                new SequenceClassification(Pooling.MEAN, backbone.outputs().width(), 3),
                ExecutionProviders.cpu(),
                1,
                allocator);
    }

    /** Of LoRA on all linear layers, which have the same names in both. */
    private static Map<String, float[]> gradients(Path model) {
        try (FrozenBackbone backbone = FrozenBackbone.of(OnnxReader.read(model), cache);
                BufferAllocator allocator = new RootAllocator()) {
            Settings settings = Settings.of("peft", Map.of("target_modules", "all-linear"));
            PeftPlan plan =
                    plugins.createMethod("lora", settings).plan(backbone.anatomy().backbone());
            Map<String, float[]> gradients = new HashMap<>();
            ProgramCompiler compiler = compiler(backbone, plan, allocator);
            ParameterLayout layout = compiler.inline().layout();
            try (Program program = compiler.fused();
                    ParameterVector parameters = ParameterVector.zeros(allocator, layout);
                    ParameterVector found = ParameterVector.zeros(allocator, layout)) {
                Random random = new Random(3);
                for (ParameterLayout.Entry entry : layout.entries()) {
                    FloatBuffer values = parameters.floats(entry.name());
                    for (int i = 0; i < values.limit(); i++) {
                        values.put(i, (float) (0.08 * random.nextGaussian()));
                    }
                }
                program.step(batch(backbone), parameters, found, 1);
                for (ParameterLayout.Entry entry : layout.entries()) {
                    float[] values = new float[(int) entry.size()];
                    found.floats(entry.name()).get(values);
                    gradients.put(entry.name(), values);
                }
            }
            return gradients;
        }
    }

    private static Batch batch(FrozenBackbone backbone) {
        int rows = 16;
        int length = 8;
        Random random = new Random(4);
        Map<String, Tensor> feeds = new HashMap<>();
        for (String input : backbone.graph().inputs().keySet()) {
            long fill = input.contains("mask") ? 1 : 0;
            long[] values = new long[rows * length];
            for (int i = 0; i < values.length; i++) {
                values[i] = input.equals("input_ids") ? random.nextInt(20) : fill;
            }
            feeds.put(input, Tensor.longs(values, rows, length));
        }
        feeds.put(Batch.LABELS, Tensor.longs(random.longs(rows, 0, 3).toArray(), rows));
        return new Batch(feeds, rows, length);
    }

    private static double cosine(float[] a, float[] b) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return ab / Math.sqrt(aa * bb);
    }
}
