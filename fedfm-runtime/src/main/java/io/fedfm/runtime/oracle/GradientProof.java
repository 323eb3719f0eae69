package io.fedfm.runtime.oracle;

import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.oracle.CheckReport.MethodCheck;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.weave.WovenGraph;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Compares what a program computes with three others: the same modules outside the graph, the
 * forward graph under PyTorch's autograd, and differences of its loss.
 */
final class GradientProof {
    /** Of a slope's usual size along a random direction. */
    private static final double LEAST_SLOPE = 0.25;

    /** Of the length of a parameter's vector; in float64 the difference still has ten digits. */
    private static final double STEP = 1e-6;

    private final Program fused;
    private final Program split;
    private final WovenGraph woven;
    private final Graph forward;
    private final boolean interpreted;
    private final BiFunction<Batch, Map<String, Tensor>, Map<String, Tensor>> errors;

    /**
     * A proof for one method.
     *
     * @param fused what is to be proved
     * @param split the same with modules in another engine
     * @param woven the forward graph of both
     */
    GradientProof(Program fused, Program split, WovenGraph woven) {
        this(fused, split, woven, (batch, point) -> Map.of());
    }

    /**
     * The same for a backbone that rounds.
     *
     * @param errors of rounding at a batch and a point, which the oracles make too
     */
    GradientProof(
            Program fused,
            Program split,
            WovenGraph woven,
            BiFunction<Batch, Map<String, Tensor>, Map<String, Tensor>> errors) {
        this.errors = errors;
        this.fused = fused;
        this.split = split;
        this.woven = woven;
        this.forward = forward(woven);
        this.interpreted = unknown(woven).isEmpty();
    }

    /** The operators on the way of a gradient that no interpreter checks, a line for each. */
    static List<String> unknown(WovenGraph woven) {
        Set<String> parameters = new HashSet<>();
        woven.trainables().forEach(trainable -> parameters.add(trainable.name()));
        return GraphInterpreter.unsupported(forward(woven), parameters);
    }

    /** What an interpreter has to run: the nodes that the loss needs. */
    static Graph forward(WovenGraph woven) {
        Graph graph = woven.graph().copy();
        graph.clearOutputs();
        graph.addOutput(woven.terms().loss());
        graph.prune();
        return StraightThrough.spell(graph);
    }

    /**
     * The worst differences over some batches; not a number where there is no oracle.
     *
     * @param method the name to report
     * @param batches to compare on
     * @param random draws parameters and directions
     * @param allocator of parameters and gradients
     */
    MethodCheck check(
            String method, List<Batch> batches, RandomGenerator random, BufferAllocator allocator) {
        double bySplit = 0;
        double byTorch = 0;
        double bySlope = 0;
        Set<String> negligible = new TreeSet<>();
        try (ParameterVector parameters = ParameterVector.zeros(allocator, woven.layout());
                ParameterVector gradients = ParameterVector.zeros(allocator, woven.layout())) {
            TrialPoint.fill(woven.trainables(), random, parameters);
            Map<String, Tensor> point = TrialPoint.tensors(parameters);
            for (Batch batch : batches) {
                Map<String, Tensor> held = errors.apply(batch, point);
                GraphGradients found = step(fused, batch, parameters, gradients);
                bySplit =
                        Math.max(bySplit, worst(found, step(split, batch, parameters, gradients)));
                byTorch =
                        Math.max(
                                byTorch,
                                interpreted ? torch(found, batch, point, held) : Double.NaN);
                bySlope =
                        Math.max(
                                bySlope,
                                interpreted
                                        ? slopes(found, batch, point, held, random)
                                        : Double.NaN);
                negligible.addAll(negligible(found));
            }
        }
        return new MethodCheck(
                method,
                bySplit,
                byTorch,
                bySlope,
                StraightThrough.rounds(woven.graph()),
                List.copyOf(negligible));
    }

    private static GraphGradients step(
            Program program, Batch batch, ParameterVector parameters, ParameterVector gradients) {
        double loss = program.step(batch, parameters, gradients, 1).loss();
        return new GraphGradients(loss, TrialPoint.tensors(gradients));
    }

    private static List<String> negligible(GraphGradients found) {
        GradientFloor floor = GradientFloor.of(found.gradients());
        return found.gradients().entrySet().stream()
                .filter(gradient -> floor.isAbove(gradient.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private double torch(
            GraphGradients found,
            Batch batch,
            Map<String, Tensor> point,
            Map<String, Tensor> held) {
        String loss = woven.terms().loss();
        return worst(found, GraphGradients.of(forward, batch.feeds(), loss, point, held));
    }

    private static double worst(GraphGradients found, GraphGradients expected) {
        double worst = RelativeDifference.of(found.loss(), expected.loss());
        GradientFloor floor = GradientFloor.of(expected.gradients());
        for (Map.Entry<String, Tensor> gradient : expected.gradients().entrySet()) {
            float[] a = found.gradients().get(gradient.getKey()).toFloats();
            float[] b = gradient.getValue().toFloats();
            worst = Math.max(worst, RelativeDifference.of(a, b, floor.norm(b.length)));
        }
        return worst;
    }

    private double slopes(
            GraphGradients found,
            Batch batch,
            Map<String, Tensor> point,
            Map<String, Tensor> held,
            RandomGenerator random) {
        double worst = 0;
        String loss = woven.terms().loss();
        GradientFloor floor = GradientFloor.of(found.gradients());
        try (LossSurface surface = new LossSurface(forward, batch.feeds(), loss, point, held)) {
            for (Map.Entry<String, Tensor> parameter : point.entrySet()) {
                float[] values = parameter.getValue().toFloats();
                float[] gradient = found.gradients().get(parameter.getKey()).toFloats();
                double[] direction = direction(gradient, random);
                double length = norm(direction);
                double step = STEP * RelativeDifference.norm(values) / length;
                double expected = surface.slope(parameter.getKey(), direction, step);
                double slope = dot(gradient, direction);
                worst =
                        Math.max(
                                worst, RelativeDifference.of(slope, expected, floor.slope(length)));
            }
        }
        return worst;
    }

    /**
     * Normal and independent of the gradient, but drawn again while it is nearly at right angles to
     * it: such a slope is small by chance and shows nothing but the rounding of float32.
     */
    private static double[] direction(float[] gradient, RandomGenerator random) {
        double[] direction = new double[gradient.length];
        double usual;
        do {
            Arrays.setAll(direction, i -> random.nextGaussian());
            usual =
                    RelativeDifference.norm(gradient)
                            * norm(direction)
                            / Math.sqrt(gradient.length);
        } while (Math.abs(dot(gradient, direction)) < LEAST_SLOPE * usual);
        return direction;
    }

    private static double norm(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    private static double dot(float[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
