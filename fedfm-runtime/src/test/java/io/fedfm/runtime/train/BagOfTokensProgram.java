package io.fedfm.runtime.train;

import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.Outcome;
import io.fedfm.runtime.program.Program;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Logistic regression in plain Java as a program: logits = mean over tokens of weight[token] +
 * head. Inputs {@code ids} and {@code mask}.
 */
public final class BagOfTokensProgram implements Program {
    private final int classes;

    public BagOfTokensProgram(int classes) {
        this.classes = classes;
    }

    public static ParameterLayout layout(int vocabulary, int classes) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("weight", new long[] {vocabulary, classes});
        shapes.put("head", new long[] {classes});
        return ParameterLayout.of(shapes);
    }

    @Override
    public Outcome step(
            Batch batch, ParameterVector parameters, ParameterVector gradients, long dropoutSeed) {
        FloatBuffer weight = gradients.floats("weight");
        FloatBuffer head = gradients.floats("head");
        for (int i = 0; i < weight.limit(); i++) {
            weight.put(i, 0);
        }
        for (int i = 0; i < classes; i++) {
            head.put(i, 0);
        }
        return run(batch, parameters, weight, head);
    }

    @Override
    public Outcome evaluate(Batch batch, ParameterVector parameters) {
        return run(batch, parameters, null, null);
    }

    @Override
    public Tensor logits(Batch batch, ParameterVector parameters) {
        throw new UnsupportedOperationException("not needed here");
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private Outcome run(
            Batch batch,
            ParameterVector parameters,
            FloatBuffer weightSlope,
            FloatBuffer headSlope) {
        long[] ids = batch.feeds().get("ids").toLongs();
        long[] mask = batch.feeds().get("mask").toLongs();
        long[] labels = batch.feeds().get(Batch.LABELS).toLongs();
        double loss = 0;
        long correct = 0;
        for (int row = 0; row < batch.rows(); row++) {
            int from = row * batch.length();
            double[] p = logits(ids, mask, from, batch.length(), parameters);
            correct += argmax(p) == labels[row] ? 1 : 0;
            softmax(p);
            loss -= Math.log(p[(int) labels[row]]) / batch.rows();
            if (weightSlope == null) {
                continue;
            }
            double tokens = 0;
            for (int t = 0; t < batch.length(); t++) {
                tokens += mask[from + t];
            }
            for (int c = 0; c < classes; c++) {
                double slope = (p[c] - (c == labels[row] ? 1 : 0)) / batch.rows();
                headSlope.put(c, headSlope.get(c) + (float) slope);
                for (int t = 0; t < batch.length(); t++) {
                    int at = (int) ids[from + t] * classes + c;
                    weightSlope.put(
                            at, weightSlope.get(at) + (float) (slope * mask[from + t] / tokens));
                }
            }
        }
        return new Outcome(loss, batch.rows(), correct);
    }

    private double[] logits(
            long[] ids, long[] mask, int from, int length, ParameterVector parameters) {
        FloatBuffer weight = parameters.floats("weight");
        FloatBuffer head = parameters.floats("head");
        double[] sums = new double[classes];
        double tokens = 0;
        for (int t = from; t < from + length; t++) {
            tokens += mask[t];
            for (int c = 0; c < classes; c++) {
                sums[c] += mask[t] * weight.get((int) ids[t] * classes + c);
            }
        }
        for (int c = 0; c < classes; c++) {
            sums[c] = sums[c] / tokens + head.get(c);
        }
        return sums;
    }

    private static int argmax(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static void softmax(double[] values) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.exp(values[i]);
            sum += values[i];
        }
        for (int i = 0; i < values.length; i++) {
            values[i] /= sum;
        }
    }
}
