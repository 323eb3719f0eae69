package io.fedfm.runtime.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.Site;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.objective.Pooling;
import io.fedfm.runtime.objective.SequenceClassification;
import io.fedfm.runtime.oracle.GraphGradients;
import io.fedfm.runtime.weave.WovenGraph;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** A plan on a backbone, compiled to both executions, with random parameters. */
public final class Compiled implements AutoCloseable {
    public final FrozenBackbone backbone;
    public final Program fused;
    public final Program split;
    public final WovenGraph woven;
    public final ParameterLayout layout;
    public final ParameterVector parameters;

    /** What the programs allocate; the vectors of the test come from another. */
    final BufferAllocator tensors;

    private final BufferAllocator root = new RootAllocator();

    private Compiled(
            Graph graph,
            Path cache,
            Function<FrozenBackbone, PeftPlan> planner,
            Function<FrozenBackbone, Objective> task) {
        tensors = root.newChildAllocator("program", 0, Long.MAX_VALUE);
        backbone = FrozenBackbone.of(graph, cache);
        ProgramCompiler compiler =
                new ProgramCompiler(
                        backbone,
                        planner.apply(backbone),
                        task.apply(backbone),
                        ExecutionProviders.cpu(),
                        1,
                        tensors);
        woven = compiler.inline();
        layout = woven.layout();
        fused = compiler.fused();
        split = compiler.split();
        parameters = ParameterVector.zeros(root, layout);
        InitialParameters.fill(woven.trainables(), name -> new Random(name.hashCode()), parameters);
    }

    public static Compiled of(
            Graph graph,
            Path cache,
            Function<FrozenBackbone, PeftPlan> planner,
            Function<FrozenBackbone, Objective> task) {
        return new Compiled(graph, cache, planner, task);
    }

    /** With a trained head on the mean. */
    static Compiled of(Graph graph, Path cache, Function<FrozenBackbone, PeftPlan> planner) {
        return of(graph, cache, planner, head(Pooling.MEAN));
    }

    public static Function<FrozenBackbone, Objective> head(Pooling pooling) {
        return backbone ->
                new SequenceClassification(
                        pooling, backbone.outputs().width(), TinyEncoder.CLASSES);
    }

    /** The site with this role, in the only block. */
    public static Site site(FrozenBackbone backbone, String role) {
        return backbone.anatomy().backbone().sites().stream()
                .filter(site -> site.role().equals(role) && site.block() == 0)
                .findFirst()
                .orElseThrow();
    }

    /** One kind of module at the sites of these roles. */
    static Function<FrozenBackbone, PeftPlan> at(
            Function<Site, PeftModule> module, String... roles) {
        return backbone -> {
            List<PeftPlan.Attachment> attachments = new ArrayList<>();
            for (String role : roles) {
                Site site = site(backbone, role);
                attachments.add(new PeftPlan.Attachment(site, module.apply(site)));
            }
            return PeftPlan.of(attachments);
        };
    }

    Batch batch(int rows, int length) {
        return TinyBatch.of(backbone.graph(), rows, length);
    }

    /** The gradient of a step, by parameter. */
    Map<String, float[]> gradients(Program program, Batch batch, long dropoutSeed) {
        try (ParameterVector gradients = ParameterVector.zeros(root, layout)) {
            program.step(batch, parameters, gradients, dropoutSeed);
            Map<String, float[]> values = new HashMap<>();
            for (ParameterLayout.Entry entry : layout.entries()) {
                values.put(entry.name(), floats(gradients, entry.name()));
            }
            return values;
        }
    }

    float[] values(String parameter) {
        return floats(parameters, parameter);
    }

    void fill(String parameter, float value) {
        FloatBuffer floats = parameters.floats(parameter);
        while (floats.hasRemaining()) {
            floats.put(value);
        }
    }

    private static float[] floats(ParameterVector vector, String name) {
        float[] values = new float[vector.floats(name).remaining()];
        vector.floats(name).get(values);
        return values;
    }

    /** Loss, logits and all gradients of both executions, and of PyTorch's autograd, are equal. */
    void assertAgree(Batch batch) {
        Map<String, Tensor> point = new HashMap<>();
        for (ParameterLayout.Entry entry : layout.entries()) {
            point.put(entry.name(), Tensor.floats(values(entry.name()), entry.dimensions()));
        }
        GraphGradients oracle =
                GraphGradients.of(woven.graph(), batch.feeds(), woven.terms().loss(), point);
        Map<String, float[]> expected = new HashMap<>();
        oracle.gradients().forEach((name, tensor) -> expected.put(name, tensor.toFloats()));
        for (Program program : List.of(fused, split)) {
            String as = program.getClass().getSimpleName();
            Outcome outcome = program.evaluate(batch, parameters);
            assertThat(outcome.loss()).as(as).isCloseTo(oracle.loss(), within(1e-5));
            assertClose(as, gradients(program, batch, 5), expected);
        }
        assertThat(split.logits(batch, parameters).toFloats())
                .containsExactly(fused.logits(batch, parameters).toFloats(), within(1e-5f));
    }

    /**
     * Relative 1e-4 for each tensor, or as good as zero: a gradient that is zero by algebra is not
     * in floats.
     */
    static void assertClose(String as, Map<String, float[]> actual, Map<String, float[]> expected) {
        assertThat(actual).containsOnlyKeys(expected.keySet());
        expected.forEach(
                (name, values) ->
                        assertThat(distance(actual.get(name), values))
                                .as(as + " " + name)
                                .isLessThanOrEqualTo(1e-4 * distance(values, null) + 1e-8));
    }

    static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            squares += Math.pow(a[i] - (b == null ? 0 : b[i]), 2);
        }
        return Math.sqrt(squares);
    }

    @Override
    public void close() {
        parameters.close();
        fused.close();
        split.close();
        backbone.close();
        tensors.close();
        root.close();
    }
}
