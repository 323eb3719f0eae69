package io.fedfm.runtime.anatomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import org.junit.jupiter.api.Test;

final class LinearFinderTest {
    private final Sketch sketch = new Sketch();
    private final String x = sketch.words();

    @Test
    void takesTheBiasFromEitherSideOfTheSum() {
        String right = sketch.builder.op("MatMul", x, sketch.weight(8, 3));
        String rightSum = sketch.add(right, sketch.named("right", 3));
        String left = sketch.builder.op("MatMul", rightSum, sketch.weight(3, 5));
        String leftSum = sketch.add(sketch.named("left", 5), left);
        sketch.graph.addOutput(leftSum);

        assertThat(new LinearFinder(sketch.walk()).find())
                .extracting(LinearLayer::bias, LinearLayer::output, LinearLayer::outputs)
                .containsExactly(tuple("right", rightSum, 3L), tuple("left", leftSum, 5L));
    }

    @Test
    void leavesASumAloneWhenTheProductIsUsedElsewhereToo() {
        String product = sketch.builder.op("MatMul", x, sketch.weight(8, 3));
        sketch.graph.addOutput(sketch.add(product, sketch.weight(3)));
        sketch.graph.addOutput(sketch.builder.op("Relu", product));

        LinearLayer layer = new LinearFinder(sketch.walk()).find().get(0);
        assertThat(layer.bias()).isEmpty();
        assertThat(layer.output()).isEqualTo(product);
    }

    @Test
    void readsGemmWithTransposedWeight() {
        String flat = sketch.builder.reshape(x, -1, 8);
        String bias = sketch.weight(3);
        String y =
                sketch.builder.op(
                        "Gemm", Attributes.of("transB", 1), flat, sketch.weight(3, 8), bias);
        sketch.graph.addOutput(y);

        LinearLayer layer = new LinearFinder(sketch.walk()).find().get(0);
        assertThat(layer.transposed()).isTrue();
        assertThat(layer.inputs()).isEqualTo(8);
        assertThat(layer.outputs()).isEqualTo(3);
        assertThat(layer.bias()).isEqualTo(bias);
        assertThat(layer.input()).isEqualTo(flat);
    }

    @Test
    void skipsGemmThatScales() {
        String flat = sketch.builder.reshape(x, -1, 8);
        Attributes half = Attributes.of("alpha", 0.5f);
        sketch.graph.addOutput(sketch.builder.op("Gemm", half, flat, sketch.weight(8, 3)));

        assertThat(new LinearFinder(sketch.walk()).find()).isEmpty();
    }

    @Test
    void seesTheTableBehindATransposeAsTransposedWeight() {
        String table = sketch.builder.transpose("words.weight", 1, 0);
        sketch.graph.addOutput(sketch.builder.op("MatMul", x, table));

        LinearLayer layer = new LinearFinder(sketch.walk()).find().get(0);
        assertThat(layer.weight()).isEqualTo("words.weight");
        assertThat(layer.transposed()).isTrue();
        assertThat(layer.outputs()).isEqualTo(Sketch.WORDS);
    }

    @Test
    void knowsProductsOfPositionsAndOfActivationsAreNone() {
        String positions = sketch.builder.cast("input_ids", ElementType.FLOAT);
        String column = sketch.builder.op("Unsqueeze", positions, sketch.builder.integers(2));
        String frequencies = sketch.builder.op("MatMul", column, sketch.weight(1, 8));
        String rotated = sketch.builder.op("Mul", x, frequencies);
        String square = sketch.builder.op("MatMul", rotated, sketch.builder.transpose(x, 0, 2, 1));
        sketch.graph.addOutput(square);

        assertThat(new LinearFinder(sketch.walk()).find()).isEmpty();
    }
}
