package io.fedfm.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.autodiff.StopGradients;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GraphGradientsTest {
    private final Graph graph = new Graph();
    private final GraphBuilder g = new GraphBuilder(graph, "f");
    private final Tensor point = Tensor.floats(new float[] {1, -2}, 2);

    @Test
    void differentiatesASumOfSquares() {
        GraphGradients result = gradients(g.op("ReduceSumSquare", keepNone(), "x"));
        assertThat(result.loss()).isEqualTo(5);
        assertThat(result.gradients().get("x").toFloats()).containsExactly(2, -4);
    }

    @Test
    void stopsAtMarks() {
        String stopped = StopGradients.append(g, "x");
        GraphGradients result = gradients(g.op("ReduceSum", keepNone(), g.op("Mul", stopped, "x")));
        assertThat(result.gradients().get("x").toFloats()).containsExactly(1, -2);
    }

    @Test
    void givesZerosWhereTheLossDoesNotReach() {
        String loss = g.op("ReduceSum", keepNone(), "x");
        Map<String, Tensor> both = Map.of("x", point, "unused", point);
        GraphGradients result = GraphGradients.of(graph, Map.of(), loss, both);
        assertThat(result.gradients().get("unused").toFloats()).containsExactly(0, 0);
    }

    @Test
    void leavesTheThreadsGradientModeAsItWas() {
        NDManager.newBaseManager("PyTorch").close();
        boolean before = JniUtils.isGradMode();
        try {
            JniUtils.setGradMode(false);
            gradients(g.op("ReduceSum", keepNone(), "x"));
            assertThat(JniUtils.isGradMode()).isFalse();
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    @Test
    void doesNotChangeItsInputs() {
        gradients(g.op("ReduceSum", keepNone(), g.op("Exp", "x")));
        assertThat(point.toFloats()).containsExactly(1, -2);
    }

    @Test
    void followsAConcatOfOnePart() {
        String joined = g.op("Concat", Attributes.of("axis", 0), "x");
        GraphGradients result = gradients(g.op("ReduceSum", keepNone(), joined));
        assertThat(result.gradients().get("x").toFloats()).containsExactly(1, 1);
    }

    @Test
    void takesWhatNoParameterReachesFromOnnxRuntime() {
        String matrix = g.initializer("m", Tensor.floats(new float[] {2, 1, 0, 3}, 2, 2));
        String product = g.op("Mul", g.op("Det", matrix), "x");
        GraphGradients result = gradients(g.op("ReduceSum", keepNone(), product));
        assertThat(result.gradients().get("x").toFloats()).containsExactly(6, 6);
    }

    @Test
    void namesAnOperatorItDoesNotKnow() {
        String loss = g.op("Det", "x");
        assertThatThrownBy(() -> gradients(loss))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.OPERATOR_UNSUPPORTED))
                .hasMessageContaining("Det")
                .hasMessageContaining("f/Det_1");
    }

    private GraphGradients gradients(String loss) {
        return GraphGradients.of(graph, Map.of(), loss, Map.of("x", point));
    }

    private static Attributes keepNone() {
        return Attributes.of("keepdims", 0);
    }
}
