package io.fedfm.runtime.oracle;

import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.Outcome;
import io.fedfm.runtime.program.Program;
import java.nio.FloatBuffer;

/** A program with one gradient multiplied by something, as a wrong derivative would do. */
final class SpoiltProgram implements Program {
    private final Program program;
    private final String parameter;
    private final float factor;

    SpoiltProgram(Program program, String parameter, double factor) {
        this.program = program;
        this.parameter = parameter;
        this.factor = (float) factor;
    }

    @Override
    public Outcome step(
            Batch batch, ParameterVector parameters, ParameterVector gradients, long seed) {
        Outcome outcome = program.step(batch, parameters, gradients, seed);
        FloatBuffer gradient = gradients.floats(parameter);
        for (int i = 0; i < gradient.limit(); i++) {
            gradient.put(i, gradient.get(i) * factor);
        }
        return outcome;
    }

    @Override
    public Outcome evaluate(Batch batch, ParameterVector parameters) {
        return program.evaluate(batch, parameters);
    }

    @Override
    public Tensor logits(Batch batch, ParameterVector parameters) {
        return program.logits(batch, parameters);
    }

    @Override
    public void close() {
        program.close();
    }
}
