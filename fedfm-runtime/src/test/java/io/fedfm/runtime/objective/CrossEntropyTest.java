package io.fedfm.runtime.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.OnnxWriter;
import io.fedfm.runtime.graph.Ort;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CrossEntropyTest {
    private static final long IGNORED = CrossEntropy.IGNORED;

    @Test
    void isTheMeanOverTheLabelsThatCount() {
        // Two rows of three tokens, two words; all logits 0 but one.
        Tensor logits = Tensor.floats(new float[] {0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 2, 3, 2);
        Tensor labels = Tensor.longs(new long[] {1, 0, IGNORED, IGNORED, 0, 1}, 2, 3);
        float[] terms = terms(logits, labels);
        double sure = Math.log(1 + Math.exp(-2));
        assertThat((double) terms[0]).isCloseTo((3 * Math.log(2) + sure) / 4, within(1e-6));
        assertThat(terms[1]).isEqualTo(4);
        // Ties go to the first word.
        assertThat(terms[2]).isEqualTo(2);
    }

    @Test
    void isZeroWithoutLabels() {
        Tensor logits = Tensor.floats(new float[] {1, 2, 3, 4}, 2, 2);
        assertThat(terms(logits, Tensor.longs(new long[] {IGNORED, IGNORED}, 2)))
                .containsExactly(0, 0, 0);
    }

    @Test
    void staysFiniteWhereTheModelIsSureAndWrong() {
        Tensor logits = Tensor.floats(new float[] {1000, -1000}, 1, 2);
        assertThat(terms(logits, Tensor.longs(new long[] {1}, 1))).containsExactly(2000, 1, 0);
    }

    /** Loss, labels that count, correct ones. */
    private static float[] terms(Tensor logits, Tensor labels) {
        String[] shape = {"batch", "length", "words"};
        if (logits.shape().length == 2) {
            shape = new String[] {"batch", "words"};
        }
        Graph graph = new Graph();
        graph.addInput(ValueInfo.of("logits", ElementType.FLOAT, shape));
        String[] labelShape = java.util.Arrays.copyOf(shape, shape.length - 1);
        graph.addInput(ValueInfo.of(Objective.LABELS, ElementType.INT64, labelShape));
        Terms terms =
                CrossEntropy.append(new GraphBuilder(graph, "loss"), "logits", Objective.LABELS);
        graph.addOutput(terms.loss());
        graph.addOutput(terms.labels());
        graph.addOutput(terms.correct());
        Map<String, Tensor> results =
                Ort.run(
                        OnnxWriter.write(graph),
                        Map.of("logits", logits, Objective.LABELS, labels));
        return new float[] {
            results.get(terms.loss()).toFloats()[0],
            results.get(terms.labels()).toFloats()[0],
            results.get(terms.correct()).toFloats()[0]
        };
    }
}
