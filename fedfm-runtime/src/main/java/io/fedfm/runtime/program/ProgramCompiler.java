package io.fedfm.runtime.program;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.autodiff.Autodiff;
import io.fedfm.runtime.autodiff.StopGradients;
import io.fedfm.runtime.graph.ExampleInputs;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.ShapeProbe;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.WeightFile;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.weave.TaskInput;
import io.fedfm.runtime.weave.Trainable;
import io.fedfm.runtime.weave.Weaver;
import io.fedfm.runtime.weave.WovenGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/** Weaves a plan and an objective into a backbone and compiles what comes out. */
public final class ProgramCompiler {
    private final WeightFile weights;
    private final Anatomy anatomy;
    private final int longest;
    private final Objective objective;
    private final Sessions sessions;
    private final Weaver weaver;
    private final BufferAllocator allocator;

    /**
     * A compiler for one backbone, plan and objective.
     *
     * @param backbone to weave into
     * @param plan what is trained
     * @param objective what is minimised
     * @param providers where sessions run
     * @param threads intra-op threads of a session
     * @param allocator of tensors between engines
     */
    public ProgramCompiler(
            FrozenBackbone backbone,
            PeftPlan plan,
            Objective objective,
            ExecutionProviders providers,
            int threads,
            BufferAllocator allocator) {
        this.weights = backbone.weights();
        this.anatomy = backbone.anatomy();
        this.longest = longest(backbone.graph(), plan.virtualTokens().count());
        this.objective = objective;
        this.sessions = new Sessions(backbone.weights(), providers, threads);
        Weaver bare =
                new Weaver(
                        backbone.graph(), backbone.anatomy(), backbone.outputs(), plan, objective);
        this.weaver = bare.startingAt(sessions.run(bare.startingValues()));
        this.allocator = allocator;
    }

    private static int longest(Graph graph, int virtualTokens) {
        int positions = ExampleInputs.maxLength(graph);
        if (positions == Integer.MAX_VALUE || virtualTokens == 0) {
            return positions;
        }
        if (positions <= virtualTokens) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "peft.num_virtual_tokens is "
                            + virtualTokens
                            + ", but the backbone has only "
                            + positions
                            + " positions, virtual tokens and text together");
        }
        return positions - virtualTokens;
    }

    /**
     * Tokens of a row at most, virtual ones not counted; {@link Integer#MAX_VALUE} where the
     * backbone sets no limit.
     */
    public int longest() {
        return longest;
    }

    /** The woven graph with modules as nodes and without dropout: what an interpreter runs. */
    public WovenGraph inline() {
        return weaver.inline(false);
    }

    /** What {@link #fused()} would refuse for lack of a derivative: a line for each node. */
    public List<String> unsupported() {
        WovenGraph training = weaver.inline(true);
        List<String> parameters = training.trainables().stream().map(Trainable::name).toList();
        return Autodiff.unsupported(
                training.graph(), shapes(training), training.terms().loss(), parameters);
    }

    /** One graph for all. */
    public Program fused() {
        return fused(List.of());
    }

    /**
     * One graph for all, in which the backward pass computes the activations of each block again
     * instead of keeping them.
     */
    public Program recomputing() {
        List<String> boundaries = new ArrayList<>();
        anatomy.embeddings().forEach(embedding -> boundaries.add(embedding.value()));
        anatomy.hiddens().stream()
                .filter(hidden -> hidden.site().role().equals("ffn_sum"))
                .forEach(hidden -> boundaries.add(hidden.value()));
        return fused(boundaries);
    }

    private Program fused(List<String> boundaries) {
        WovenGraph training = weaver.inline(true);
        return new FusedProgram(
                training, weaver.inline(false), shapes(training), boundaries, sessions);
    }

    /** The graph of a step, forward and backward, as {@link #fused()} runs it. */
    public Graph step() {
        WovenGraph training = weaver.inline(true);
        Gradients.append(training, shapes(training), List.of());
        return training.graph();
    }

    /** Modules in DJL. */
    public Program split() {
        Shapes shapes = shapes(weaver.inline(true));
        WovenGraph training = weaver.opaque();
        WovenGraph evaluation = weaver.opaque();
        return new SplitProgram(
                training,
                evaluation,
                shapes.withAliases(training.opaqueShapes()),
                sessions,
                allocator);
    }

    /** The shapes of all values of a woven graph. */
    private Shapes shapes(WovenGraph woven) {
        Graph runnable = woven.graph().copy();
        StopGradients.lower(runnable);
        // Promoted weights are what they start from: a kernel among the inputs passes for an image.
        woven.trainables().stream()
                .filter(trainable -> trainable.value() != null)
                .forEach(
                        trainable -> {
                            runnable.removeInput(trainable.name());
                            runnable.addInitializer(trainable.name(), trainable.value());
                        });
        return ShapeProbe.observe(
                runnable,
                weights,
                longest,
                (batch, length) ->
                        Map.of(
                                Objective.LABELS,
                                labels(batch, length),
                                TaskInput.NAME,
                                Tensor.longs(new long[batch], batch),
                                "dropout_seed",
                                Tensor.longs(new long[1])));
    }

    private Tensor labels(int batch, int length) {
        long[] shape =
                objective.labelDimensions().size() == 1
                        ? new long[] {batch}
                        : new long[] {batch, length};
        return Tensor.longs(
                new long[(int) java.util.Arrays.stream(shape).reduce(1, Math::multiplyExact)],
                shape);
    }
}
