package io.fedfm.runtime.program;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.Random;

/**
 * An attention of two heads of size 4 over words and positions, built by hand; the same weights in
 * every layout.
 */
final class PositionedEncoder {
    static final int POSITIONS = 12;
    private static final int WIDTH = 8;
    private static final int SIZE = 4;

    private final Graph graph = new Graph();
    private final GraphBuilder b = new GraphBuilder(graph, "n");
    private final Random random = new Random(9);
    private final boolean joined;

    private PositionedEncoder(boolean joined, float hole, int firstPosition) {
        this.joined = joined;
        graph.addInput(ValueInfo.of("input_ids", ElementType.INT64, "batch", "length"));
        graph.addInput(ValueInfo.of("attention_mask", ElementType.INT64, "batch", "length"));
        String words = b.op("Gather", weight("words", TinyEncoder.WORDS, WIDTH), "input_ids");
        String length = b.op("Gather", b.op("Shape", "input_ids"), b.integer(1));
        String range = b.op("Range", b.integer(0), length, b.integer(1));
        String index = firstPosition == 0 ? range : b.op("Add", range, b.integer(firstPosition));
        String positions = b.op("Gather", weight("positions", POSITIONS, WIDTH), index);
        String x = b.op("Add", words, positions);
        String open =
                b.cast(b.op("Unsqueeze", "attention_mask", b.integers(1, 2)), ElementType.BOOL);
        String mask = b.op("Where", open, b.scalar(0), b.scalar(hole));
        graph.addOutput(b.op("Add", x, attention(x, mask)));
    }

    /** [batch, heads, length, size], masked with the least number of float32. */
    static Graph apart() {
        return new PositionedEncoder(false, -Float.MAX_VALUE, 0).graph;
    }

    /** [batch heads, length, size]. */
    static Graph joined() {
        return new PositionedEncoder(true, -Float.MAX_VALUE, 0).graph;
    }

    /** Masked with minus infinity, rows that are masked whole guarded. */
    static Graph guarded() {
        return new PositionedEncoder(false, Float.NEGATIVE_INFINITY, 0).graph;
    }

    /** The first token stands at this position. */
    static Graph startingAt(int position) {
        return new PositionedEncoder(false, -Float.MAX_VALUE, position).graph;
    }

    private String attention(String x, String mask) {
        String q = heads(linear("q", x));
        String k = heads(linear("k", x));
        String v = heads(linear("v", x));
        long[] turned = joined ? new long[] {0, 2, 1} : new long[] {0, 1, 3, 2};
        String product = b.op("MatMul", q, b.transpose(k, turned));
        String scores = b.op("Mul", product, b.scalar(0.5));
        String masked = b.op("Add", joined ? split(scores) : scores, mask);
        String flat = joined ? b.op("Reshape", masked, b.op("Shape", scores)) : masked;
        String weights = b.op("Softmax", Attributes.of("axis", -1), flat);
        String guarded = b.op("Where", b.op("IsNaN", weights), b.scalar(0), weights);
        String context = b.op("MatMul", guarded, v);
        String apart = joined ? split(context) : context;
        String merged = b.reshape(b.transpose(apart, 0, 2, 1, 3), 0, 0, WIDTH);
        return linear("o", merged);
    }

    private String heads(String x) {
        String apart = b.transpose(b.reshape(x, 0, 0, 2, SIZE), 0, 2, 1, 3);
        if (!joined) {
            return apart;
        }
        String length = b.op("Shape", Attributes.of("start", 1).with("end", 2), x);
        String shape =
                b.op("Concat", Attributes.of("axis", 0), b.integers(-1), length, b.integers(SIZE));
        return b.op("Reshape", apart, shape);
    }

    private String split(String value) {
        String rest = b.op("Shape", Attributes.of("start", 1), value);
        return b.op(
                "Reshape",
                value,
                b.op("Concat", Attributes.of("axis", 0), b.integers(-1, 2), rest));
    }

    private String linear(String name, String x) {
        return b.op("MatMul", x, weight(name + ".weight", WIDTH, WIDTH));
    }

    private String weight(String name, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.5 * random.nextGaussian());
        }
        graph.addInitializer(name, Tensor.floats(values, rows, columns));
        return name;
    }
}
