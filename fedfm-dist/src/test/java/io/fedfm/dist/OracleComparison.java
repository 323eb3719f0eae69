package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.program.ProgramCompiler;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Logits, loss and gradients of one batch against what another library computed. */
final class OracleComparison {
    private static final double RELATIVE = 1e-4;

    private final Npz expected;
    private final Function<String, float[]> values;
    private final Function<String, float[]> gradients;

    /**
     * A comparison.
     *
     * @param expected has {@code loss} and {@code logits}
     * @param values name of a parameter here to its values
     * @param gradients name of a parameter here to its gradient there
     */
    OracleComparison(
            Npz expected, Function<String, float[]> values, Function<String, float[]> gradients) {
        this.expected = expected;
        this.values = values;
        this.gradients = gradients;
    }

    /**
     * Compares.
     *
     * @param fused or split
     * @param tensors the number of trained tensors
     * @param counted whether each row of logits counts; those of padding see other masks in exports
     */
    void check(
            FrozenBackbone backbone,
            PeftPlan plan,
            Objective objective,
            boolean fused,
            int tensors,
            Batch batch,
            IntPredicate counted) {
        try (BufferAllocator allocator = new RootAllocator()) {
            ProgramCompiler compiler =
                    new ProgramCompiler(
                            backbone, plan, objective, ExecutionProviders.cpu(), 1, allocator);
            ParameterLayout layout = compiler.inline().layout();
            assertThat(layout.entries()).hasSize(tensors);
            try (Program program = fused ? compiler.fused() : compiler.split();
                    ParameterVector parameters = ParameterVector.zeros(allocator, layout);
                    ParameterVector slopes = ParameterVector.zeros(allocator, layout)) {
                for (ParameterLayout.Entry entry : layout.entries()) {
                    parameters.floats(entry.name()).put(values.apply(entry.name()));
                }
                checkLogits(program.logits(batch, parameters), counted);
                double loss = program.step(batch, parameters, slopes, 0).loss();
                assertThat(loss)
                        .isCloseTo(expected.floats("loss")[0], within(1e-5))
                        .isCloseTo(program.evaluate(batch, parameters).loss(), within(1e-6));
                for (ParameterLayout.Entry entry : layout.entries()) {
                    float[] theirs = gradients.apply(entry.name());
                    float[] ours = new float[theirs.length];
                    slopes.floats(entry.name()).get(ours);
                    double size = AgreementRun.difference(theirs, new float[theirs.length]);
                    assertThat(AgreementRun.difference(ours, theirs))
                            .as(entry.name())
                            .isLessThan(RELATIVE * size);
                }
            }
        }
    }

    private void checkLogits(Tensor logits, IntPredicate counted) {
        assertThat(logits.shape()).isEqualTo(expected.get("logits").shape());
        float[] ours = logits.toFloats();
        float[] theirs = expected.floats("logits");
        int classes = (int) logits.shape()[logits.shape().length - 1];
        for (int i = 0; i < ours.length; i++) {
            if (counted.test(i / classes)) {
                assertThat(ours[i]).as("logit %d", i).isCloseTo(theirs[i], within(2e-5f));
            }
        }
    }
}
