package io.fedfm.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.runtime.autodiff.StopGradients;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LossSurfaceTest {
    private static final double STEP = 1e-6;

    private final Graph graph = new Graph();
    private final GraphBuilder g = new GraphBuilder(graph, "f");
    private final Tensor x = Tensor.floats(new float[] {1, -2}, 2);
    private final Tensor y = Tensor.floats(new float[] {3}, 1);

    @Test
    void slopesOfASumOfSquares() {
        String loss = sum(g.op("Mul", "x", g.op("Mul", "x", "y")));

        assertThat(slope(loss, "x", 1, 0)).isCloseTo(6, within(1e-8));
        assertThat(slope(loss, "x", 1, 1)).isCloseTo(-6, within(1e-8));
        assertThat(slope(loss, "y", 2)).isCloseTo(10, within(1e-8));
    }

    @Test
    void canBeAskedAgain() {
        String loss = sum(g.op("Exp", "x"));
        try (LossSurface surface = surface(loss)) {
            double[] direction = {0, 1};
            double first = surface.slope("x", direction, STEP);

            assertThat(surface.slope("x", direction, STEP)).isEqualTo(first);
            assertThat(first).isCloseTo(Math.exp(-2), within(1e-8));
        }
    }

    @Test
    void whatStandsBehindAMarkStays() {
        String loss = sum(g.op("Mul", StopGradients.append(g, "x"), "x"));

        assertThat(slope(loss, "x", 1, 0)).isCloseTo(1, within(1e-8));
    }

    @Test
    void isFlatWhereTheLossDoesNotReach() {
        assertThat(slope(sum(g.op("Exp", "x")), "y", 1)).isZero();
    }

    private double slope(String loss, String parameter, double... direction) {
        try (LossSurface surface = surface(loss)) {
            return surface.slope(parameter, direction, STEP);
        }
    }

    private LossSurface surface(String loss) {
        return new LossSurface(graph, Map.of(), loss, Map.of("x", x, "y", y));
    }

    private String sum(String value) {
        return g.op("ReduceSum", Attributes.of("keepdims", 0), value);
    }
}
