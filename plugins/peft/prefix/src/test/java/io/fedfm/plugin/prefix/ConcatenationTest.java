package io.fedfm.plugin.prefix;

import static io.fedfm.testing.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.DjlOps;
import io.fedfm.api.tensor.DropoutStream;
import io.fedfm.testing.ModuleParameters;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The merge by log-sum-exp against keys and values that are really concatenated. */
final class ConcatenationTest {
    private static final int BATCH = 2;
    private static final int HEADS = 4;
    private static final int LENGTH = 5;
    private static final int SIZE = 3;
    private static final int VALUE_SIZE = 2;
    private static final int TOKENS = 3;

    private final NDManager manager = NDManager.newBaseManager();
    private final DjlOps ops = new DjlOps(manager, false, new DropoutStream(0));
    private final Random random = new Random(3);

    private final NDArray query = normal(BATCH, HEADS, LENGTH, SIZE);
    private final NDArray key = normal(BATCH, HEADS, LENGTH, SIZE);
    private final NDArray value = normal(BATCH, HEADS, LENGTH, VALUE_SIZE);

    @AfterEach
    void closeManager() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {HEADS, 2, 1})
    void equalsConcatenatingToKeysAndValues(int keyValueHeads) {
        PeftModule module = module(keyValueHeads);
        ModuleParameters p = ModuleParameters.random(manager, module, 1);
        NDArray mask = causal();
        NDArray cotangent = normal(BATCH, HEADS, LENGTH, VALUE_SIZE);

        ModuleParameters same = ModuleParameters.random(manager, module, 1);

        NDArray merged = backward(() -> merged(module, p, mask), cotangent);
        NDArray expected = backward(() -> concatenated(same, mask, keyValueHeads), cotangent);

        assertClose(merged, expected, 1e-5);
        p.arrays()
                .forEach(
                        (name, array) ->
                                assertClose(
                                        array.getGradient(), same.get(name).getGradient(), 1e-4));
    }

    @Test
    void aRowThatIsMaskedWholeSeesThePrefixAlone() {
        PeftModule module = module(HEADS);
        ModuleParameters p = ModuleParameters.random(manager, module, 1);
        NDArray none = manager.zeros(new Shape(LENGTH, LENGTH)).add(-1e30f);

        NDArray merged = merged(module, p, none);

        NDArray scores = query.matMul(p.get("prefix_key").transpose(0, 2, 1));
        assertClose(merged, scores.softmax(-1).matMul(p.get("prefix_value")), 1e-5);
        assertThat(merged.isNaN().any().getBoolean()).isFalse();
    }

    private interface Forward {
        NDArray run();
    }

    private static NDArray backward(Forward forward, NDArray cotangent) {
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray result = forward.run();
            collector.backward(result.mul(cotangent).sum());
            return result;
        }
    }

    private NDArray merged(PeftModule module, ModuleParameters p, NDArray mask) {
        NDArray scores = query.matMul(key.transpose(0, 1, 3, 2)).add(mask);
        Map<String, NDArray> tensors =
                Map.of(
                        "output",
                        scores.softmax(-1).matMul(value),
                        "query",
                        query,
                        "log_sum_exp",
                        ops.logSumExp(scores, -1, true));
        return module.apply(ops, new Tensors(tensors), p);
    }

    private NDArray concatenated(ModuleParameters p, NDArray mask, int keyValueHeads) {
        NDArray keys = forEachHead(p.get("prefix_key"), keyValueHeads);
        NDArray values = forEachHead(p.get("prefix_value"), keyValueHeads);
        NDArray all = NDArrays.concat(new NDList(keys, key), 2);
        NDArray open = manager.zeros(new Shape(LENGTH, TOKENS));
        NDArray scores =
                query.matMul(all.transpose(0, 1, 3, 2))
                        .add(NDArrays.concat(new NDList(open, mask), 1));
        return scores.softmax(-1).matMul(NDArrays.concat(new NDList(values, value), 2));
    }

    /** [key heads, tokens, size] to [batch, heads, tokens, size]: heads in a row share keys. */
    private static NDArray forEachHead(NDArray prefix, int keyValueHeads) {
        long size = prefix.getShape().get(2);
        return prefix.reshape(1, keyValueHeads, 1, TOKENS, size)
                .broadcast(BATCH, keyValueHeads, HEADS / keyValueHeads, TOKENS, size)
                .reshape(BATCH, HEADS, TOKENS, size);
    }

    private NDArray causal() {
        float[] values = new float[LENGTH * LENGTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % LENGTH > i / LENGTH ? -1e30f : 0;
        }
        return manager.create(values, new Shape(LENGTH, LENGTH));
    }

    private NDArray normal(long... shape) {
        Shape dimensions = new Shape(shape);
        float[] values = new float[(int) dimensions.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, dimensions);
    }

    private static PeftModule module(int keyValueHeads) {
        Site site =
                new Site(
                        "attention",
                        SiteKind.ATTENTION,
                        "attention",
                        0,
                        "",
                        SIZE,
                        VALUE_SIZE,
                        HEADS,
                        keyValueHeads);
        PrefixConfig config = new PrefixConfig(TOKENS, false, 0, false);
        return new PrefixModule(site, new PlainPrefixes(config, site));
    }

    private record Tensors(Map<String, NDArray> tensors) implements SiteTensors<NDArray> {
        @Override
        public NDArray input() {
            return output();
        }

        @Override
        public NDArray output() {
            return tensor("output");
        }

        @Override
        public NDArray tensor(String name) {
            return tensors.get(name);
        }

        @Override
        public boolean has(String name) {
            return tensors.containsKey(name);
        }
    }
}
