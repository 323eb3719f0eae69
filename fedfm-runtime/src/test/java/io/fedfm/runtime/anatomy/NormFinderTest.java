package io.fedfm.runtime.anatomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NormFinderTest {
    private final Sketch sketch = new Sketch();
    private final GraphBuilder builder = sketch.builder;
    private final String x = sketch.words();
    private final String weight = sketch.named("norm.weight", 8);
    private final String bias = sketch.named("norm.bias", 8);

    @Test
    void readsALayerNormThatDividesByTheRoot() {
        String centred = builder.op("Sub", x, builder.reduceMean(x, true, -1));
        String square = builder.op("Pow", centred, builder.scalar(2));
        String normed = builder.op("Div", centred, root(square));
        String end = sketch.add(builder.op("Mul", normed, weight), bias);
        check(end, weight, bias);
    }

    @Test
    void readsALayerNormThatCentresTwice() {
        String mean = builder.reduceMean(x, true, -1);
        String centred = builder.op("Sub", x, mean);
        String square = builder.op("Mul", centred, centred);
        String normed = builder.op("Div", builder.op("Sub", x, mean), root(square));
        String end = sketch.add(bias, builder.op("Mul", weight, normed));
        check(end, weight, bias);
    }

    @Test
    void readsAnRmsNormByReciprocal() {
        String square = builder.op("Pow", x, builder.scalar(2));
        String normed = builder.op("Mul", x, builder.op("Reciprocal", root(square)));
        check(builder.op("Mul", weight, normed), weight, "");
    }

    @Test
    void readsAnRmsNormWithCastsAndOneOverTheRoot() {
        String cast = builder.cast(x, ElementType.FLOAT);
        String square = builder.op("Pow", cast, builder.scalar(2));
        String inverse = builder.op("Div", builder.scalar(1), root(square));
        String normed = builder.cast(builder.op("Mul", inverse, cast), ElementType.FLOAT);
        check(builder.op("Mul", normed, weight), weight, "");
    }

    @Test
    void readsABatchNormBetweenTransposes() {
        String channels = builder.transpose(x, 0, 2, 1);
        String statistics = sketch.named("norm.running_mean", 8);
        sketch.graph.addInitializer(
                "norm.running_var", Tensor.floats(new float[] {1, 1, 1, 1, 1, 1, 1, 1}, 8));
        String normed =
                builder.op(
                        "BatchNormalization",
                        channels,
                        weight,
                        bias,
                        statistics,
                        "norm.running_var");
        check(builder.transpose(normed, 0, 2, 1), weight, bias);
    }

    @Test
    void leavesAStandardDeviationAlone() {
        String square = builder.op("Pow", x, builder.scalar(2));
        sketch.graph.addOutput(builder.op("Relu", root(square)));
        assertThat(new NormFinder(sketch.walk()).find()).isEmpty();
    }

    private String root(String square) {
        String mean = builder.reduceMean(square, true, -1);
        return builder.op("Sqrt", sketch.add(mean, builder.scalar(1e-5)));
    }

    private void check(String end, String scale, String shift) {
        sketch.graph.addOutput(end);
        List<Norm> norms = new NormFinder(sketch.walk()).find();
        assertThat(norms)
                .extracting(Norm::input, Norm::output, Norm::weight, Norm::bias)
                .containsExactly(tuple(x, end, scale, shift));
    }
}
