package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.config.ClientConfig;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.objective.Pooling;
import io.fedfm.runtime.objective.SequenceClassification;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.Outcome;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.program.ProgramCompiler;
import io.fedfm.runtime.train.AdamW;
import io.fedfm.runtime.train.GradientClipping;
import io.fedfm.runtime.train.GradientStep;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;

/** What PyTorch computed on a backbone, computed again and compared. */
final class AgreementRun implements AutoCloseable {
    private static final int STEPS = 10;
    private static final double RATE = 1e-3;
    private static final double MAX_NORM = 0.5;

    private final Npz expected;
    private final UnaryOperator<String> torchName;
    private final Function<String, Batch> batches;
    private final Program program;
    private final BufferAllocator allocator;
    private final ParameterLayout layout;

    /**
     * Compiles.
     *
     * @param expected what PyTorch computed
     * @param torchName name of a parameter here to its name there
     * @param batches suffix of a batch's arrays ("", ".0", ..) to the batch
     */
    AgreementRun(
            FrozenBackbone backbone,
            PeftPlan plan,
            boolean fused,
            Npz expected,
            UnaryOperator<String> torchName,
            Function<String, Batch> batches,
            BufferAllocator allocator) {
        this.expected = expected;
        this.torchName = torchName;
        this.batches = batches;
        this.allocator = allocator;
        Objective objective =
                new SequenceClassification(
                        Pooling.MEAN,
                        backbone.outputs().width(),
                        expected.get(SequenceClassification.BIAS).size());
        ProgramCompiler compiler =
                new ProgramCompiler(
                        backbone, plan, objective, ExecutionProviders.cpu(), 1, allocator);
        this.layout = compiler.inline().layout();
        this.program = fused ? compiler.fused() : compiler.split();
    }

    /** Every tensor that PyTorch has a gradient of, and no other, is trained. */
    void assertSameParameters() {
        assertThat(layout.entries())
                .extracting(entry -> "grad." + torchName.apply(entry.name()))
                .containsExactlyInAnyOrderElementsOf(
                        expected.arrays().keySet().stream()
                                .filter(name -> name.startsWith("grad."))
                                .toList());
        for (ParameterLayout.Entry entry : layout.entries()) {
            assertThat(entry.dimensions())
                    .as(entry.name())
                    .isEqualTo(expected.get(torchName.apply(entry.name())).shape());
        }
    }

    void assertSameLogits() {
        try (ParameterVector parameters = initial()) {
            Tensor logits = program.logits(batches.apply(""), parameters);
            assertThat(logits.shape()).isEqualTo(expected.get("logits").shape());
            assertThat(logits.toFloats()).containsExactly(expected.floats("logits"), within(1e-5f));
            assertThat(program.evaluate(batches.apply(""), parameters).loss())
                    .isCloseTo(expected.floats("loss")[0], within(1e-5));
        }
    }

    void assertSameGradients() {
        try (ParameterVector parameters = initial();
                ParameterVector gradients = ParameterVector.zeros(allocator, layout)) {
            Outcome outcome = program.step(batches.apply(""), parameters, gradients, 0);
            assertThat(outcome.loss()).isCloseTo(expected.floats("loss")[0], within(1e-5));
            for (ParameterLayout.Entry entry : layout.entries()) {
                float[] theirs = expected.floats("grad." + torchName.apply(entry.name()));
                assertThat(difference(elements(gradients, entry), theirs) / norm(theirs))
                        .as("relative difference of the gradient of " + entry.name())
                        .isLessThan(1e-4);
            }
        }
    }

    void assertSameTraining() {
        ClientConfig.Optimizer config =
                new ClientConfig.Optimizer("adamw", RATE, 0.01, 0.9, 0.999, 1e-8);
        GradientClipping clipping = new GradientClipping(MAX_NORM);
        int clipped = 0;
        try (ParameterVector parameters = initial();
                ParameterVector gradients = ParameterVector.zeros(allocator, layout);
                AdamW optimizer = new AdamW(config)) {
            for (int step = 0; step < STEPS; step++) {
                Outcome outcome =
                        program.step(batches.apply("." + step), parameters, gradients, step);
                double norm = norm(all(gradients));
                assertThat(outcome.loss()).isCloseTo(expected.floats("losses")[step], within(1e-5));
                assertThat(norm).isCloseTo(expected.floats("norms")[step], within(1e-4));
                clipping.apply(
                        new GradientStep.LocalStep(1, 0, step + 1, parameters, parameters),
                        gradients);
                assertThat(norm(all(gradients))).isCloseTo(Math.min(norm, MAX_NORM), within(1e-5));
                clipped += norm > MAX_NORM ? 1 : 0;
                optimizer.step(parameters, gradients, RATE);
            }
            assertThat(clipped).isEqualTo(5);
            for (ParameterLayout.Entry entry : layout.entries()) {
                assertThat(elements(parameters, entry))
                        .as(entry.name())
                        .containsExactly(
                                expected.floats("after." + torchName.apply(entry.name())),
                                within(1e-5f));
            }
        }
    }

    private ParameterVector initial() {
        ParameterVector vector = ParameterVector.zeros(allocator, layout);
        for (ParameterLayout.Entry entry : layout.entries()) {
            vector.floats(entry.name()).put(expected.floats(torchName.apply(entry.name())));
        }
        return vector;
    }

    private static float[] elements(ParameterVector vector, ParameterLayout.Entry entry) {
        return read(vector.floats(entry.name()));
    }

    private static float[] all(ParameterVector vector) {
        return read(vector.floats(0, Math.toIntExact(vector.size())));
    }

    static float[] read(FloatBuffer buffer) {
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    static double difference(float[] a, float[] b) {
        assertThat(a).hasSameSizeAs(b);
        return Math.sqrt(
                IntStream.range(0, a.length)
                        .mapToDouble(i -> Math.pow((double) a[i] - b[i], 2))
                        .sum());
    }

    static double norm(float[] a) {
        return difference(a, new float[a.length]);
    }

    /** The inputs and labels of a batch whose arrays have this suffix. */
    static Batch batch(Npz npz, Map<String, Tensor> inputs, String suffix) {
        Map<String, Tensor> feeds = new java.util.HashMap<>(inputs);
        feeds.put(Batch.LABELS, npz.get("labels" + suffix));
        long[] shape = npz.get("ids" + suffix).shape();
        return new Batch(feeds, (int) shape[0], (int) shape[1]);
    }

    @Override
    public void close() {
        program.close();
    }
}
