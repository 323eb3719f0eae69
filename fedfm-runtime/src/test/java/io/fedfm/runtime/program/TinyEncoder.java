package io.fedfm.runtime.program;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.Random;

/**
 * Encoders of one post-norm block, two heads on a width of 8, built by hand. Weights are named
 * {@code q.weight} [in, out], {@code q.bias}, and so on.
 */
public final class TinyEncoder {
    public static final int WIDTH = 8;
    public static final int WORDS = 19;
    public static final int CLASSES = 3;

    private final Graph graph = new Graph();
    private final GraphBuilder b = new GraphBuilder(graph, "n");
    private final Random random = new Random(7);
    private String hidden;

    private TinyEncoder(boolean packed, boolean masked) {
        graph.addInput(ValueInfo.of("input_ids", ElementType.INT64, "batch", "length"));
        String bias = masked ? maskBias() : "";
        String x = norm("norm0", b.op("Gather", named("words", 1, WORDS, WIDTH), "input_ids"));
        String sum = norm("norm1", b.op("Add", x, attention(x, bias, packed)));
        String inner = b.op("Gelu", linear("up", sum, WIDTH, 2 * WIDTH));
        String down = linear("down", inner, 2 * WIDTH, WIDTH);
        hidden = norm("norm2", b.op("Add", sum, down));
        graph.addOutput(hidden);
    }

    /** With a mask and a projection each for q, k and v. */
    public static Graph plain() {
        return new TinyEncoder(false, true).graph;
    }

    /** Without a mask. */
    public static Graph unmasked() {
        return new TinyEncoder(false, false).graph;
    }

    /** With one projection {@code qkv} for q, k and v together. */
    public static Graph packed() {
        return new TinyEncoder(true, true).graph;
    }

    /** With a pooler: a projection of the first hidden state. */
    public static Graph pooled() {
        TinyEncoder encoder = new TinyEncoder(false, true);
        encoder.graph.addOutput(encoder.pooler());
        return encoder.graph;
    }

    /** With a pooler and a classifier. */
    public static Graph classifier() {
        TinyEncoder encoder = new TinyEncoder(false, true);
        encoder.graph.clearOutputs();
        String pooled = encoder.pooler();
        encoder.graph.addOutput(encoder.linear("head", pooled, WIDTH, CLASSES));
        return encoder.graph;
    }

    private String pooler() {
        String first = b.op("Gather", Attributes.of("axis", 1), hidden, b.integer(0));
        return b.op("Tanh", linear("pooler", first, WIDTH, WIDTH));
    }

    private String maskBias() {
        graph.addInput(ValueInfo.of("attention_mask", ElementType.INT64, "batch", "length"));
        String mask = b.cast("attention_mask", ElementType.FLOAT);
        String hole = b.op("Mul", b.op("Sub", b.scalar(1), mask), b.scalar(-1e4));
        return b.op("Unsqueeze", hole, b.integers(1, 2));
    }

    private String attention(String x, String bias, boolean packed) {
        String q;
        String k;
        String v;
        if (packed) {
            String all = linear("qkv", x, WIDTH, 3 * WIDTH);
            var parts = b.ops("Split", 3, Attributes.of("axis", -1).with("num_outputs", 3), all);
            q = parts.get(0);
            k = parts.get(1);
            v = parts.get(2);
        } else {
            q = linear("q", x, WIDTH, WIDTH);
            k = linear("k", x, WIDTH, WIDTH);
            v = linear("v", x, WIDTH, WIDTH);
        }
        String keys = b.transpose(heads(k), 0, 1, 3, 2);
        String scores = b.op("Mul", b.op("MatMul", heads(q), keys), b.scalar(0.5));
        String masked = bias.isEmpty() ? scores : b.op("Add", scores, bias);
        String weights = b.op("Softmax", Attributes.of("axis", -1), masked);
        String context = b.transpose(b.op("MatMul", weights, heads(v)), 0, 2, 1, 3);
        return linear("o", b.reshape(context, 0, 0, WIDTH), WIDTH, WIDTH);
    }

    private String heads(String x) {
        return b.transpose(b.reshape(x, 0, 0, 2, WIDTH / 2), 0, 2, 1, 3);
    }

    private String linear(String name, String x, long in, long out) {
        String product = b.op("MatMul", x, named(name + ".weight", 0.4, in, out));
        return b.op("Add", product, named(name + ".bias", 0.2, out));
    }

    private String norm(String name, String x) {
        return b.op(
                "LayerNormalization",
                x,
                named(name + ".weight", 1, WIDTH),
                named(name + ".bias", 0.2, WIDTH));
    }

    private String named(String name, double deviation, long... shape) {
        int size = 1;
        for (long dimension : shape) {
            size *= (int) dimension;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        graph.addInitializer(name, Tensor.floats(values, shape));
        return name;
    }
}
