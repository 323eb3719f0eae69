package io.fedfm.runtime.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.tensor.DropoutStream;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.OnnxWriter;
import io.fedfm.runtime.graph.Ort;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DropoutNodesTest {
    private static final int SIZE = 20_000;

    @Test
    void keepsTheGivenPartAndScalesItUp() {
        float[] mask = mask(0, 3, 0.3);
        long kept = count(mask);
        assertThat(kept / (double) SIZE).isCloseTo(0.7, within(0.02));
        for (float value : mask) {
            assertThat(value == 0 || Math.abs(value - 1 / 0.7f) < 1e-6).isTrue();
        }
    }

    @Test
    void modulesAndStepsHaveMasksOfTheirOwn() {
        float[] mask = mask(0, 3, 0.5);
        assertThat(mask(0, 3, 0.5)).containsExactly(mask);
        for (float[] other : new float[][] {mask(1, 3, 0.5), mask(0, 4, 0.5)}) {
            int equal = 0;
            for (int i = 0; i < SIZE; i++) {
                equal += mask[i] == other[i] ? 1 : 0;
            }
            assertThat(equal / (double) SIZE).isCloseTo(0.5, within(0.02));
        }
    }

    @Test
    void isTheHashOfTheApi() {
        long m = DropoutStream.MODULUS;
        long seed = DropoutNodes.stream(2, 9).getAsLong();
        float[] mask = mask(2, 9, 0.25);
        for (int i = 0; i < 50; i++) {
            long u = (DropoutStream.INDEX_FACTOR * i + seed) % m;
            u = (u * u + DropoutStream.SQUARE_OFFSET) % m;
            u = (DropoutStream.LAST_FACTOR * u + seed) % m;
            assertThat(mask[i] > 0).isEqualTo(u >= DropoutStream.threshold(0.25));
        }
    }

    /** What dropout makes of ones. */
    private static float[] mask(int module, long seed, double probability) {
        Graph graph = new Graph();
        graph.addInput(ValueInfo.of(DropoutNodes.SEED, ElementType.INT64));
        graph.addInput(ValueInfo.of("x", ElementType.FLOAT, "rows", "10"));
        String dropped =
                new DropoutNodes(module).apply(new GraphBuilder(graph, "n"), "x", probability);
        graph.addOutput(dropped);
        float[] ones = new float[SIZE];
        Arrays.fill(ones, 1);
        Map<String, Tensor> feeds =
                Map.of(
                        "x",
                        Tensor.floats(ones, SIZE / 10, 10),
                        DropoutNodes.SEED,
                        Tensor.longs(new long[] {seed}));
        return Ort.run(OnnxWriter.write(graph), feeds).get(dropped).toFloats();
    }

    private static long count(float[] mask) {
        long kept = 0;
        for (float value : mask) {
            kept += value > 0 ? 1 : 0;
        }
        return kept;
    }
}
