package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FullPrecisionTest {
    @TempDir private Path folder;

    @Test
    void everyHalfKeepsItsNumber() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            int exponent = bits >> 10 & 31;
            double fraction = (bits & 1023) / 1024.0;
            double size =
                    exponent == 0
                            ? fraction * Math.pow(2, -14)
                            : (1 + fraction) * Math.pow(2, exponent - 15);
            if (exponent == 31) {
                size = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            }
            float expected = (float) (bits >> 15 == 0 ? size : -size);
            assertThat((Float) HalfFloat.toFloat((short) bits)).isEqualTo((Float) expected);
        }
    }

    @Test
    void halfWeightsInputsCastsAndConstantsBecomeFloats() {
        Graph read = Models.read(folder, OnnxWriter.write(model(ElementType.FLOAT16)));

        assertThat(read.inputs().get("x").type()).isEqualTo(ElementType.FLOAT);
        assertThat(read.initializers().values())
                .extracting(Tensor::type)
                .containsOnly(ElementType.FLOAT, ElementType.INT64);
        Tensor x = Tensor.floats(new float[] {0.5f, -2}, 1, 2);
        Tensor y = Ort.run(OnnxWriter.write(read), Map.of("x", x)).get("y");
        // W = [[1, 0.5], [-2, 65504]], and 3 is added.
        assertThat(y.toFloats()).containsExactly(0.5f + 4 + 3, 0.25f - 131008 + 3);
    }

    @Test
    void brainFloatsToo() {
        Graph read = Models.read(folder, OnnxWriter.write(model(ElementType.BFLOAT16)));

        assertThat(read.initializers().get("W").toFloats())
                .containsExactly(
                        Float.intBitsToFloat(0x3c000000),
                        Float.intBitsToFloat(0x38000000),
                        Float.intBitsToFloat(0xc0000000),
                        Float.intBitsToFloat(0x7bff0000));
    }

    @Test
    void largeTensorsAreWidenedOffTheHeap() {
        ByteBuffer half = ByteBuffer.allocate(2 << 20).order(ByteOrder.LITTLE_ENDIAN);
        half.putShort((2 << 20) - 2, (short) 0x4500);
        Graph graph = new Graph();
        graph.addInitializer("W", new Tensor(ElementType.FLOAT16, new long[] {1 << 20}, half));

        Tensor wide = FullPrecision.widen(graph).initializers().get("W");

        assertThat(wide.data().isDirect()).isTrue();
        assertThat(wide.data().getFloat(0)).isZero();
        assertThat(wide.data().getFloat((4 << 20) - 4)).isEqualTo(5);
    }

    /** y = x W + 3, where 3 is made by a cast and a ConstantOfShape. */
    private static Graph model(ElementType type) {
        Graph graph = new Graph(20);
        graph.addInput(ValueInfo.of("x", type, "batch", "2"));
        graph.addInitializer("W", tensor(type, new long[] {2, 2}, 0x3c00, 0x3800, 0xc000, 0x7bff));
        graph.addInitializer("two", Tensor.longs(new long[] {2}, 1));
        graph.addInitializer("two shape", Tensor.longs(new long[] {1}, 1));
        Attributes one = Attributes.of("value", tensor(type, new long[] {1}, 0x3c00));
        Models.node(graph, "MatMul", Attributes.none(), List.of("x", "W"), "product");
        Attributes to = Attributes.of("to", type.onnx());
        Models.node(graph, "Cast", to, List.of("two"), "cast");
        Models.node(graph, "ConstantOfShape", one, List.of("two shape"), "ones");
        Models.node(graph, "Add", Attributes.none(), List.of("cast", "ones"), "three");
        Models.node(graph, "Add", Attributes.none(), List.of("product", "three"), "y");
        graph.addOutput("y");
        return graph;
    }

    private static Tensor tensor(ElementType type, long[] shape, int... bits) {
        ByteBuffer data = ByteBuffer.allocate(2 * bits.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : bits) {
            data.putShort((short) value);
        }
        return new Tensor(type, shape, data.flip());
    }
}
