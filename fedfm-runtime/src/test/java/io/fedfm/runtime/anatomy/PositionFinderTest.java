package io.fedfm.runtime.anatomy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.runtime.anatomy.Anatomy.Positions;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class PositionFinderTest {
    private final Sketch sketch = new Sketch();
    private final GraphBuilder b = sketch.builder;
    private final String x = sketch.words();

    @Test
    void aRangeIsASource() {
        String range = range();
        Positions positions = lookedUpWith(b.op("Unsqueeze", range, b.integers(0)));

        assertThat(positions.uses()).hasSize(1);
        assertThat(positions.uses().get(0).slot()).isEqualTo(1);
        assertThat(positions.uses().get(0).sources()).containsOnlyKeys(range);
        assertThat(positions.complete()).isTrue();
    }

    @Test
    void aSliceOfACountingConstantHasItAsItsSource() {
        long[] counting = LongStream.range(0, 32).toArray();
        String buffer = b.initializer("position_ids", Tensor.longs(counting, 1, 32));
        String end = b.op("Unsqueeze", length(), b.integers(0));
        String slice = b.op("Slice", buffer, b.integers(0), end, b.integers(1));

        assertThat(lookedUpWith(slice).uses().get(0).sources()).containsOnlyKeys(buffer);
    }

    @Test
    void aRunningSumTimesAMaskAndAnOffsetHasTheSumAsItsSource() {
        String real = b.op("Not", b.op("Equal", "input_ids", b.integer(1)));
        String mask = b.cast(real, ElementType.INT32);
        String sum = b.op("CumSum", mask, b.integer(1));
        String masked = b.cast(b.op("Mul", sum, mask), ElementType.INT64);
        Positions.Use use = lookedUpWith(b.op("Add", masked, b.integer(1))).uses().get(0);

        assertThat(use.sources()).containsOnlyKeys(sum);
        assertThat(use.sources().get(sum)).isEqualTo(ElementType.INT32);
        assertThat(use.through()).doesNotContain(mask);
    }

    @Test
    void anInputOfPositionIdsIsASource() {
        sketch.graph.addInput(ValueInfo.of("position_ids", ElementType.INT64, "batch", "length"));

        assertThat(lookedUpWith("position_ids").uses().get(0).sources())
                .containsOnlyKeys("position_ids");
    }

    @Test
    void anglesOfRotationsAreUses() {
        String angles = b.op("Mul", b.cast(column(), ElementType.FLOAT), sketch.weight(1, 8));
        String turned = b.op("Add", b.op("Mul", x, b.op("Cos", angles)), b.op("Sin", angles));
        Positions positions = positions(turned);

        assertThat(positions.uses()).hasSize(2);
        assertThat(positions.complete()).isTrue();
    }

    @Test
    void tokensAndTypesAreNoPositions() {
        assertThat(lookedUpWith("input_ids").uses()).isEmpty();
        assertThat(positions(x)).isEqualTo(new Positions(java.util.List.of(), ""));
    }

    @Test
    void differencesOfPositionsAreNone() {
        String distance = b.op("Sub", range(), b.op("Unsqueeze", range(), b.integers(1)));
        String bias = b.op("Gather", sketch.weight(64, 8), b.op("Abs", distance));
        String first = b.op("Gather", Attributes.of("axis", 0), bias, b.integer(0));

        assertThat(positions(b.op("Add", x, first)).uses()).isEmpty();
    }

    @Test
    void aSliceOfATableThatIsAddedCannotBeMoved() {
        String end = b.op("Unsqueeze", length(), b.integers(0));
        String rows = b.op("Slice", sketch.weight(32, 8), b.integers(0), end, b.integers(0));
        Positions positions = positions(b.op("Add", x, rows));

        assertThat(positions.unmoved()).isEqualTo(rows);
        assertThat(positions.complete()).isFalse();
    }

    private String length() {
        return b.op("Gather", b.op("Shape", "input_ids"), b.integer(1));
    }

    private String range() {
        return b.op("Range", b.integer(0), length(), b.integer(1));
    }

    private String column() {
        return b.op("Unsqueeze", range(), b.integers(1));
    }

    private Positions lookedUpWith(String index) {
        return positions(b.op("Add", x, b.op("Gather", sketch.weight(32, 8), index)));
    }

    private Positions positions(String output) {
        return sketch.study(sketch.linear(output, 8, 8)).positions();
    }
}
