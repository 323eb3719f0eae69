package io.fedfm.runtime.anatomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.ShapeProbe;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ScalarsTest {
    private final Graph graph = new Graph();
    private final GraphBuilder g = new GraphBuilder(graph, "t");

    @Test
    void aScaleComputedFromAShapeIsKnown() {
        graph.addInput(ValueInfo.of("x", ElementType.FLOAT, "batch", "3", "16"));
        String shape = g.op("Shape", "x");
        String last = g.op("Slice", shape, g.integers(-1), g.integers(Long.MAX_VALUE));
        String size = g.cast(g.op("Squeeze", last), ElementType.FLOAT);
        String root = g.op("Sqrt", g.op("Div", g.scalar(1), g.op("Sqrt", size)));
        String inverse = g.op("Reciprocal", g.op("Pow", size, g.scalar(0.5)));
        String batch = g.op("Gather", shape, g.integer(0));
        String width = g.op("Shape", Attributes.of("start", -2).with("end", -1), "x");
        String twice = g.op("Mul", g.op("Gather", shape, g.integer(-1)), g.integer(2));
        for (String value : new String[] {root, inverse, batch, width, twice}) {
            graph.addOutput(value);
        }
        Scalars scalars =
                new Scalars(new Walk(graph, ShapeProbe.observe(graph, (b, l) -> Map.of())));

        assertThat(scalars.number(root)).isCloseTo(0.5, within(1e-9));
        assertThat(scalars.number(inverse)).isCloseTo(0.25, within(1e-9));
        assertThat(scalars.number(width)).isEqualTo(3);
        assertThat(scalars.number(twice)).isEqualTo(32);
        assertThat(scalars.number(batch)).isNaN();
        assertThat(scalars.number(shape)).isNaN();
    }
}
