package io.fedfm.testing;

import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.config.ClientConfig;
import io.fedfm.runtime.config.Seeds;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.InitialParameters;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.train.AdamW;
import io.fedfm.runtime.train.Optimizer;
import io.fedfm.runtime.weave.Trainable;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;

/** A method in the backbone of the {@link ToyTask}; vectors that it gives belong to the caller. */
final class ToyModel implements AutoCloseable {
    private static final double DEVIATION = 0.08;

    private final Program program;
    private final List<Trainable> trainables;
    private final Batch batch;
    private final BufferAllocator allocator;

    ToyModel(Program program, List<Trainable> trainables, Batch batch, BufferAllocator allocator) {
        this.program = program;
        this.trainables = trainables;
        this.batch = batch;
        this.allocator = allocator;
    }

    /** What the method trains, without the head. */
    List<String> methodParameters() {
        return trainables.stream().filter(t -> !t.head()).map(Trainable::name).toList();
    }

    /** The parameters as a run of this seed starts them. */
    ParameterVector start(long seed) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        trainables.forEach(t -> shapes.put(t.name(), t.shape()));
        ParameterVector vector = ParameterVector.zeros(allocator, ParameterLayout.of(shapes));
        InitialParameters.fill(trainables, name -> Seeds.of(seed).stream("kit", name), vector);
        return vector;
    }

    /** The parameters a little away from their start, where usually half the gradients are zero. */
    ParameterVector aside(long seed) {
        ParameterVector vector = start(seed);
        RandomGenerator random = Seeds.of(seed).stream("aside");
        FloatBuffer floats = vector.floats(0, Math.toIntExact(vector.size()));
        for (int i = 0; i < floats.limit(); i++) {
            floats.put(i, (float) (floats.get(i) + DEVIATION * random.nextGaussian()));
        }
        return vector;
    }

    /** The logits, row after row. */
    float[] logits(ParameterVector parameters) {
        return program.logits(batch, parameters).toFloats();
    }

    /** The mean loss, without dropout. */
    double loss(ParameterVector parameters) {
        return program.evaluate(batch, parameters).loss();
    }

    /** The gradient of the mean loss by parameter. */
    Map<String, float[]> gradients(ParameterVector parameters) {
        try (ParameterVector gradients = ParameterVector.zeros(allocator, parameters.layout())) {
            program.step(batch, parameters, gradients, 1);
            Map<String, float[]> values = new LinkedHashMap<>();
            for (Trainable trainable : trainables) {
                FloatBuffer floats = gradients.floats(trainable.name());
                float[] copy = new float[floats.remaining()];
                floats.get(copy);
                values.put(trainable.name(), copy);
            }
            return values;
        }
    }

    /** Trains the method in place and holds the head, which could learn the task alone. */
    void train(ParameterVector parameters, int steps, double rate) {
        ClientConfig.Optimizer settings =
                new ClientConfig.Optimizer("adamw", rate, 0, 0.9, 0.999, 1e-8);
        try (Optimizer optimizer = new AdamW(settings);
                ParameterVector gradients = ParameterVector.zeros(allocator, parameters.layout())) {
            for (int step = 0; step < steps; step++) {
                program.step(batch, parameters, gradients, step);
                trainables.stream().filter(Trainable::head).forEach(t -> zero(gradients, t.name()));
                optimizer.step(parameters, gradients, rate);
            }
        }
    }

    private static void zero(ParameterVector vector, String name) {
        FloatBuffer floats = vector.floats(name);
        while (floats.hasRemaining()) {
            floats.put(0);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
