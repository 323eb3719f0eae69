package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.ExampleInputs;
import io.fedfm.runtime.graph.ModelFolder;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.Pooling;
import io.fedfm.runtime.objective.SequenceClassification;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.program.ProgramCompiler;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Activations that are computed again give the gradients of those that are kept. */
final class GradientCheckpointingTest {
    private static final Path EXPORTS = Path.of("src/test/resources/exports");
    private static final int CLASSES = 4;
    private static final int ROWS = 3;

    @TempDir private static Path cache;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert-torchscript-eager",
                "bert-dynamo-sdpa",
                "roberta-torchscript-sdpa",
                "distilbert-dynamo-eager",
                "gpt2-torchscript-eager",
                "llama-torchscript-eager",
                "vit-torchscript-eager"
            })
    void gradientsAreTheSame(String export) {
        try (FrozenBackbone backbone =
                        FrozenBackbone.of(
                                ModelFolder.open(EXPORTS.resolve(export + ".onnx")).read(), cache);
                BufferAllocator allocator = new RootAllocator()) {
            ProgramCompiler compiler = compiler(backbone, allocator);
            ParameterLayout layout = compiler.inline().layout();
            Batch batch = batch(backbone);
            try (Program keeping = compiler.fused();
                    Program recomputing = compiler.recomputing();
                    ParameterVector parameters = ParameterVector.zeros(allocator, layout);
                    ParameterVector expected = ParameterVector.zeros(allocator, layout);
                    ParameterVector actual = ParameterVector.zeros(allocator, layout)) {
                fill(parameters, layout);
                double loss = keeping.step(batch, parameters, expected, 5).loss();
                assertThat(recomputing.step(batch, parameters, actual, 5).loss()).isEqualTo(loss);
                for (ParameterLayout.Entry entry : layout.entries()) {
                    assertThat(difference(expected, actual, entry.name()))
                            .as(entry.name())
                            .isLessThan(1e-6);
                }
            }
        }
    }

    private static ProgramCompiler compiler(FrozenBackbone backbone, BufferAllocator allocator) {
        PeftPlan plan =
                InstalledPlugins.load()
                        .createMethod(
                                "lora",
                                Settings.of(
                                        "peft",
                                        Map.of(
                                                "target_modules",
                                                "all-linear",
                                                "lora_dropout",
                                                0.2)))
                        .plan(backbone.anatomy().backbone());
        return new ProgramCompiler(
                backbone,
                plan,
                new SequenceClassification(Pooling.MEAN, backbone.outputs().width(), CLASSES),
                ExecutionProviders.cpu(),
                1,
                allocator);
    }

    private static Batch batch(FrozenBackbone backbone) {
        Random random = new Random(2);
        Map<String, Tensor> feeds =
                new HashMap<>(ExampleInputs.make(backbone.graph(), ROWS, 9, random, true));
        feeds.put(Batch.LABELS, Tensor.longs(random.longs(ROWS, 0, CLASSES).toArray(), ROWS));
        return new Batch(feeds, ROWS, 9);
    }

    private static void fill(ParameterVector vector, ParameterLayout layout) {
        Random random = new Random(1);
        for (ParameterLayout.Entry entry : layout.entries()) {
            FloatBuffer floats = vector.floats(entry.name());
            while (floats.hasRemaining()) {
                floats.put((float) (0.1 * random.nextGaussian()));
            }
        }
    }

    private static double difference(ParameterVector a, ParameterVector b, String name) {
        FloatBuffer left = a.floats(name);
        FloatBuffer right = b.floats(name);
        double difference = 0;
        double whole = 0;
        while (left.hasRemaining()) {
            float x = left.get();
            difference += Math.pow(x - right.get(), 2);
            whole += (double) x * x;
        }
        assertThat(whole).as(name).isPositive();
        return Math.sqrt(difference / whole);
    }
}
