package io.fedfm.runtime.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.OnnxWriter;
import io.fedfm.runtime.graph.Ort;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two rows of three positions of width 2; the second row has one position that counts. */
final class PoolingTest {
    private static final Tensor HIDDEN =
            Tensor.floats(new float[] {1, 2, 3, 4, 5, 9, 10, 20, 30, 40, 50, 60}, 2, 3, 2);
    private static final long[] MASK = {1, 1, 1, 1, 0, 0};

    @Test
    void meanOverWhatTheMaskKeeps() {
        assertThat(pool(Pooling.MEAN, ElementType.INT64)).containsExactly(3, 5, 10, 20);
    }

    @Test
    void meanOverAllWithoutAMask() {
        assertThat(pool(Pooling.MEAN, null))
                .containsExactly(new float[] {3, 5, 30, 40}, within(1e-5f));
    }

    @Test
    void first() {
        assertThat(pool(Pooling.FIRST, ElementType.INT64)).containsExactly(1, 2, 10, 20);
    }

    @Test
    void lastThatTheMaskKeeps() {
        assertThat(pool(Pooling.LAST, ElementType.INT64)).containsExactly(5, 9, 10, 20);
    }

    @Test
    void lastOfAllWithoutAMask() {
        assertThat(pool(Pooling.LAST, null)).containsExactly(5, 9, 50, 60);
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"INT32", "INT64", "FLOAT", "BOOL"})
    void masksOfAnyType(ElementType type) {
        assertThat(pool(Pooling.MEAN, type)).containsExactly(3, 5, 10, 20);
        assertThat(pool(Pooling.LAST, type)).containsExactly(5, 9, 10, 20);
    }

    @Test
    void theGraphsPooler() {
        BackboneOutputs outputs = outputs("hidden", "pooled", "");
        assertThat(Pooling.POOLER.append(new GraphBuilder(new Graph(), "p"), outputs))
                .isEqualTo("pooled");
    }

    @Test
    void refusesWhatTheBackboneDoesNotGive() {
        assertRefused(Pooling.POOLER, outputs("hidden", "", ""), ErrorCode.SETTINGS_INVALID);
        assertRefused(Pooling.MEAN, outputs("", "pooled", ""), ErrorCode.MODEL_UNSUPPORTED);
    }

    private static void assertRefused(Pooling pooling, BackboneOutputs outputs, ErrorCode code) {
        assertThatThrownBy(() -> pooling.append(new GraphBuilder(new Graph(), "p"), outputs))
                .isInstanceOfSatisfying(
                        FedFmException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining("model.pooling");
    }

    private static BackboneOutputs outputs(String hidden, String pooled, String mask) {
        return new BackboneOutputs(hidden, pooled, "", List.of(), mask, 2, 0, false);
    }

    /** Pools with a mask of this type, or without one. */
    private static float[] pool(Pooling pooling, ElementType maskType) {
        Graph graph = new Graph();
        Map<String, Tensor> feeds = new HashMap<>();
        graph.addInput(ValueInfo.of("hidden", ElementType.FLOAT, "batch", "length", "2"));
        feeds.put("hidden", HIDDEN);
        if (maskType != null) {
            graph.addInput(ValueInfo.of("mask", maskType, "batch", "length"));
            feeds.put("mask", mask(maskType));
        }
        BackboneOutputs outputs = outputs("hidden", "", maskType == null ? "" : "mask");
        String pooled = pooling.append(new GraphBuilder(graph, "p"), outputs);
        graph.addOutput(pooled);
        Map<String, Tensor> results = Ort.run(OnnxWriter.write(graph), feeds);
        assertThat(results.get(pooled).shape()).containsExactly(2, 2);
        return results.get(pooled).toFloats();
    }

    private static Tensor mask(ElementType type) {
        ByteBuffer data =
                ByteBuffer.allocate(MASK.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : MASK) {
            switch (type) {
                case INT64 -> data.putLong(value);
                case INT32 -> data.putInt((int) value);
                case FLOAT -> data.putFloat(value);
                default -> data.put((byte) value);
            }
        }
        return new Tensor(type, new long[] {2, 3}, data.flip());
    }
}
