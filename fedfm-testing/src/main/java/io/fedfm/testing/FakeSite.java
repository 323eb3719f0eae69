package io.fedfm.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.TensorOps;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A site with random tensors on DJL arrays: a linear layer {@code y = x W + b} with x [2, 3, in], a
 * hidden state [2, 3, hidden], embedded words with their table [vocabulary, hidden], or an
 * attention with its context and queries [2, heads, 3, size] and the log-sum-exp of its scores [2,
 * heads, 3, 1].
 */
public final class FakeSite {
    private static final int BATCH = 2;
    private static final int LENGTH = 3;

    private final boolean linear;
    private final NDArray input;
    private final Map<String, NDArray> frozen;

    private FakeSite(boolean linear, NDArray input, Map<String, NDArray> frozen) {
        this.linear = linear;
        this.input = input;
        this.frozen = frozen;
    }

    /** Fills a site of any kind but positions with random tensors, which belong to the manager. */
    public static FakeSite of(NDManager manager, Site site, long seed) {
        Random random = new Random(seed);
        if (site.kind() == SiteKind.ATTENTION) {
            return attention(manager, site, random);
        }
        boolean embedding = site.kind() == SiteKind.EMBEDDING;
        long width = embedding ? site.outputs() : site.inputs();
        NDArray input = random(manager, random, BATCH, LENGTH, width);
        return switch (site.kind()) {
            case LINEAR ->
                    new FakeSite(
                            true,
                            input,
                            Map.of(
                                    "weight",
                                    random(manager, random, site.inputs(), site.outputs()),
                                    "bias",
                                    random(manager, random, site.outputs())));
            case HIDDEN -> new FakeSite(false, input, Map.of());
            case EMBEDDING ->
                    new FakeSite(
                            false,
                            input,
                            Map.of("weight", random(manager, random, site.inputs(), width)));
            case ATTENTION, POSITIONS ->
                    throw new IllegalArgumentException("no fake for a site of kind " + site.kind());
        };
    }

    /**
     * The same with rows of so many tasks: {@code task} [2, tasks], the second row of the last
     * task.
     */
    public FakeSite withTasks(NDManager manager, int tasks) {
        if (tasks == 0) {
            return this;
        }
        float[] oneHot = new float[BATCH * tasks];
        oneHot[0] = 1;
        oneHot[BATCH * tasks - 1] = 1;
        Map<String, NDArray> tensors = new HashMap<>(frozen);
        tensors.put("task", manager.create(oneHot, new Shape(BATCH, tasks)));
        return new FakeSite(linear, input, Map.copyOf(tensors));
    }

    private static FakeSite attention(NDManager manager, Site site, Random random) {
        long heads = site.heads();
        return new FakeSite(
                false,
                random(manager, random, BATCH, heads, LENGTH, site.outputs()),
                Map.of(
                        "query",
                        random(manager, random, BATCH, heads, LENGTH, site.inputs()),
                        "log_sum_exp",
                        random(manager, random, BATCH, heads, LENGTH, 1)));
    }

    /** Whether {@link #of} can fake a site of this kind. */
    public static boolean supports(SiteKind kind) {
        return kind != SiteKind.POSITIONS;
    }

    /** The input of the linear layer, the hidden state, or the context. */
    public NDArray input() {
        return input;
    }

    /** The weight of the linear layer [in, out]. */
    public NDArray weight() {
        return frozen.get("weight");
    }

    /** The bias of the linear layer [out]. */
    public NDArray bias() {
        return frozen.get("bias");
    }

    /** What the frozen graph gives here, without a module. */
    public NDArray frozenOutput(TensorOps<NDArray> ops) {
        return product(ops, input);
    }

    /** What the graph gives here with the module attached. */
    public NDArray run(TensorOps<NDArray> ops, PeftModule module, Parameters<NDArray> parameters) {
        NDArray before = input;
        if (module.changesInput()) {
            before = module.applyToInput(ops, new Tensors(input, product(ops, input)), parameters);
        }
        return module.apply(ops, new Tensors(before, product(ops, before)), parameters);
    }

    /**
     * What the graph gives here with the module folded into the linear layer; empty if it does not
     * fold.
     */
    public Optional<NDArray> runFolded(
            TensorOps<NDArray> ops, PeftModule module, Parameters<NDArray> parameters) {
        return module.fold(ops, weights(), parameters)
                .map(layer -> ops.add(ops.matMul(input, layer.weight()), layer.bias()));
    }

    /** The weight and the bias of a linear layer, and nothing else. */
    SiteTensors<NDArray> weights() {
        return new Tensors(null, null);
    }

    private NDArray product(TensorOps<NDArray> ops, NDArray x) {
        return linear ? ops.add(ops.matMul(x, frozen.get("weight")), frozen.get("bias")) : x;
    }

    private static NDArray random(NDManager manager, Random random, long... shape) {
        Shape dimensions = new Shape(shape);
        float[] values = new float[Math.toIntExact(dimensions.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, dimensions);
    }

    private final class Tensors implements SiteTensors<NDArray> {
        private final NDArray x;
        private final NDArray y;

        private Tensors(NDArray x, NDArray y) {
            this.x = x;
            this.y = y;
        }

        @Override
        public NDArray input() {
            return x;
        }

        @Override
        public NDArray output() {
            return y;
        }

        @Override
        public NDArray tensor(String name) {
            NDArray tensor = frozen.get(name);
            if (tensor == null) {
                throw new IllegalArgumentException(
                        "no tensor '" + name + "' at this site among " + frozen.keySet());
            }
            return tensor;
        }

        @Override
        public boolean has(String name) {
            return frozen.containsKey(name);
        }
    }
}
