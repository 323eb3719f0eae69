package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Tensor;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;

/** Tests of one derivative each, and constants for them. */
final class GradientTests {
    private GradientTests() {}

    static String ramp(GraphBuilder g, long... shape) {
        float[] values = new float[(int) java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i);
        }
        return g.initializer("ramp", Tensor.floats(values, shape));
    }

    static String vector(GraphBuilder g, double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return g.initializer("vector", Tensor.floats(floats, floats.length));
    }

    static String longs(GraphBuilder g, long[] values, long... shape) {
        return g.initializer("longs", Tensor.longs(values, shape));
    }

    static DynamicTest test(String name, Function<GraphBuilder, String> body, String... inputs) {
        return test(name, new GradientCheck(body, inputs));
    }

    static DynamicTest test(String name, Function<GraphBuilder, String> body, List<String> inputs) {
        return test(name, new GradientCheck(body, inputs.toArray(String[]::new)));
    }

    static DynamicTest test(String name, GradientCheck check) {
        return DynamicTest.dynamicTest(name, check::verify);
    }
}
