package io.fedfm.testing;

import static io.fedfm.testing.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.fedfm.api.tensor.DjlOps;
import io.fedfm.api.tensor.DropoutStream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Stands here because fedfm-api has no engine to run on. */
final class DjlOpsTest {
    private final NDManager manager = NDManager.newBaseManager();
    private final DjlOps ops = new DjlOps(manager, true, new DropoutStream(42));

    @AfterEach
    void closeManager() {
        manager.close();
    }

    @Test
    void arithmeticBroadcasts() {
        NDArray a = matrix();
        NDArray row = manager.create(new float[] {1, 10, 100});

        assertValues(ops.add(a, row), 2, 12, 103, 5, 15, 106);
        assertValues(ops.subtract(a, row), 0, -8, -97, 3, -5, -94);
        assertValues(ops.multiply(a, row), 1, 20, 300, 4, 50, 600);
        assertValues(ops.divide(a, row), 1, 0.2f, 0.03f, 4, 0.5f, 0.06f);
        assertValues(ops.scale(a, -0.5), -0.5f, -1, -1.5f, -2, -2.5f, -3);
        assertValues(ops.add(a, ops.constant(1)), 2, 3, 4, 5, 6, 7);
    }

    @Test
    void productsAndAxes() {
        NDArray a = matrix();
        NDArray cube = ops.reshape(a, 1, 2, 3);

        assertValues(ops.matMul(a, ops.transpose(a)), 14, 32, 32, 77);
        assertThat(ops.matMul(cube, ops.transpose(a)).getShape()).isEqualTo(new Shape(1, 2, 2));
        assertValues(ops.permute(cube, -1, 0, 1), 1, 4, 2, 5, 3, 6);
        assertThat(ops.reshape(cube, 0, -1).getShape()).isEqualTo(new Shape(1, 6));
        assertThat(ops.reshape(cube, 0, 0, 3, 1).getShape()).isEqualTo(new Shape(1, 2, 3, 1));
        assertValues(ops.concat(-1, List.of(a, a)), 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6);
        assertValues(ops.slice(a, -1, 1, 3), 2, 3, 5, 6);
        assertValues(ops.slice(a, 0, 1, 2), 4, 5, 6);
    }

    @Test
    void reductions() {
        NDArray a = matrix();

        assertValues(ops.sum(a, -1, false), 6, 15);
        assertThat(ops.sum(a, 0, true).getShape()).isEqualTo(new Shape(1, 3));
        assertValues(ops.mean(a, 0, false), 2.5f, 3.5f, 4.5f);
        assertThat(ops.mean(a, -1, true).getShape()).isEqualTo(new Shape(2, 1));
        assertValues(ops.softmax(manager.create(new float[] {0, 0}), -1), 0.5f, 0.5f);
        assertThat(ops.logSumExp(a, -1, true).getShape()).isEqualTo(new Shape(2, 1));
    }

    @Test
    void logSumExpDoesNotOverflow() {
        NDArray large = manager.create(new float[] {1000, 1000, -1000, -1000}, new Shape(2, 2));

        float log2 = (float) Math.log(2);
        assertValues(ops.logSumExp(large, 1, false), 1000 + log2, -1000 + log2);
    }

    @Test
    void functions() {
        NDArray a = manager.create(new float[] {-1, 0.5f, 2});

        assertValues(ops.exp(a), 0.36787944f, 1.6487213f, 7.389056f);
        assertValues(ops.log(ops.exp(a)), -1, 0.5f, 2);
        assertValues(ops.sqrt(ops.multiply(a, a)), 1, 0.5f, 2);
        assertValues(ops.tanh(a), -0.7615942f, 0.46211717f, 0.9640276f);
        assertValues(ops.sigmoid(a), 0.26894143f, 0.62245935f, 0.8807971f);
        assertValues(ops.relu(a), 0, 0.5f, 2);
        assertValues(ops.gelu(a), -0.15865526f, 0.34573123f, 1.9544997f);
    }

    @Test
    void stopGradientStopsTheGradient() {
        NDArray a = manager.create(new float[] {3, 5});
        a.setRequiresGradient(true);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            collector.backward(ops.multiply(a, ops.stopGradient(a)).sum());
        }

        assertValues(a.getGradient(), 3, 5);
    }

    /** What autograd keeps of the forward pass must not be memory that Java may free. */
    @Test
    void numbersOutliveTheForwardPass() throws InterruptedException {
        NDArray a = manager.ones(new Shape(3));
        a.setRequiresGradient(true);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray b = a;
            for (int i = 0; i < 200; i++) {
                b = ops.scale(ops.scale(b, 2), 0.5);
            }
            System.gc();
            Thread.sleep(50);
            overwriteFreedMemory();
            collector.backward(b.sum());
        }

        assertValues(a.getGradient(), 1, 1, 1);
    }

    private void overwriteFreedMemory() {
        for (int i = 0; i < 10_000; i++) {
            manager.create(new float[] {Float.NaN});
        }
    }

    @Test
    void dropoutDrawsTheMaskOfTheHash() {
        int size = 5000;
        DropoutStream seeds = new DropoutStream(42);
        NDArray ones = manager.ones(new Shape(50, 100));
        for (double p : new double[] {0.1, 0.5, 0.1}) {
            float[] expected = new float[size];
            long seed = seeds.getAsLong();
            for (int i = 0; i < size; i++) {
                expected[i] = kept(i, seed, p) ? (float) (1 / (1 - p)) : 0;
            }

            assertThat(ops.dropout(ones, p).toFloatArray()).isEqualTo(expected);
        }
    }

    @Test
    void dropoutDropsAboutAsMuchAsAsked() {
        float[] values = ops.dropout(manager.ones(new Shape(100_000)), 0.3).toFloatArray();

        int dropped = 0;
        for (float value : values) {
            dropped += value == 0 ? 1 : 0;
        }
        assertThat(dropped).isBetween(29_000, 31_000);
    }

    @Test
    void dropoutThatDoesNothingDrawsNoSeed() {
        DropoutStream seeds = new DropoutStream(7);
        NDArray a = matrix();

        assertClose(new DjlOps(manager, true, seeds).dropout(a, 0), a, 0);
        assertClose(new DjlOps(manager, false, seeds).dropout(a, 0.5), a, 0);

        assertThat(seeds.getAsLong()).isEqualTo(7);
        assertThat(seeds.getAsLong()).isEqualTo(7 + DropoutStream.STRIDE);
    }

    @Test
    void dropoutNeedsAProbabilityBelowOne() {
        assertThatThrownBy(() -> ops.dropout(matrix(), 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void resultsDieWithTheGivenManager() {
        NDArray a = matrix();
        int before = manager.getManagedArrays().size();
        try (NDManager step = manager.newSubManager()) {
            DjlOps stepOps = new DjlOps(step, true, new DropoutStream(1));

            NDArray low = stepOps.gelu(stepOps.matMul(a, stepOps.transpose(a)));
            stepOps.dropout(stepOps.logSumExp(stepOps.slice(low, 0, 0, 1), -1, true), 0.5);
        }

        assertThat(manager.getManagedArrays().size()).isEqualTo(before);
    }

    private static boolean kept(long index, long seed, double p) {
        long m = 2147483647L;
        long u = (index % m * 48271 + seed) % m;
        u = (u * u + 12345) % m;
        u = (u * 69621 + seed) % m;
        return u >= (long) Math.floor(p * m);
    }

    private NDArray matrix() {
        return manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
    }

    private static void assertValues(NDArray actual, float... expected) {
        assertClose(actual.toFloatArray(), expected, 1e-5 * Math.max(1, Math.abs(expected[0])));
    }
}
