package io.fedfm.runtime.anatomy;

import io.fedfm.api.peft.Site;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.ShapeProbe;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Draws tiny transformers, two heads of size 4 on a width of 8, one rule of anatomy at a time. */
final class Sketch {
    static final int WIDTH = 8;
    static final int HEADS = 2;
    static final int WORDS = 19;

    final Graph graph = new Graph();
    final GraphBuilder builder = new GraphBuilder(graph, "n");
    private final Random random = new Random(7);

    Sketch() {
        graph.addInput(ValueInfo.of("input_ids", ElementType.INT64, "batch", "length"));
    }

    Tensor tensor(long... shape) {
        int size = 1;
        for (long dimension : shape) {
            size *= (int) dimension;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian() / 4;
        }
        return Tensor.floats(values, shape);
    }

    String weight(long... shape) {
        return builder.initializer("w", tensor(shape));
    }

    String named(String name, long... shape) {
        graph.addInitializer(name, tensor(shape));
        return name;
    }

    String words() {
        return builder.op("Gather", named("words.weight", WORDS, WIDTH), "input_ids");
    }

    String linear(String x, long in, long out) {
        return builder.op("Add", builder.op("MatMul", x, weight(in, out)), weight(out));
    }

    String norm(String x) {
        return builder.op("LayerNormalization", x, weight(WIDTH), weight(WIDTH));
    }

    String add(String a, String b) {
        return builder.op("Add", a, b);
    }

    /** [batch, length, width] to [batch, heads, length, size]. */
    String heads(String x, int heads) {
        return builder.transpose(builder.reshape(x, 0, 0, heads, WIDTH / HEADS), 0, 2, 1, 3);
    }

    /** From values with heads to the merged context [batch, length, width]. */
    String attend(String q, String k, String v) {
        String scores = builder.op("MatMul", q, builder.transpose(k, 0, 1, 3, 2));
        String scaled = builder.op("Mul", scores, builder.scalar(0.5));
        String weights = builder.op("Softmax", Attributes.of("axis", -1), scaled);
        return merge(builder.op("MatMul", weights, v));
    }

    String merge(String context) {
        return builder.reshape(builder.transpose(context, 0, 2, 1, 3), 0, 0, WIDTH);
    }

    /** A whole attention with its four projections. */
    String attention(String x) {
        String q = heads(linear(x, WIDTH, WIDTH), HEADS);
        String k = heads(linear(x, WIDTH, WIDTH), HEADS);
        String v = heads(linear(x, WIDTH, WIDTH), HEADS);
        return linear(attend(q, k, v), WIDTH, WIDTH);
    }

    String feedForward(String x) {
        return linear(builder.op("Relu", linear(x, WIDTH, 2 * WIDTH)), 2 * WIDTH, WIDTH);
    }

    String preNormBlock(String x) {
        String sum = add(attention(norm(x)), x);
        return add(sum, feedForward(norm(sum)));
    }

    String postNormBlock(String x) {
        String sum = norm(add(attention(x), x));
        return norm(add(feedForward(sum), sum));
    }

    /** The last node gets this module path. */
    void scope(String path) {
        List<Node> nodes = new ArrayList<>(graph.nodes());
        Node last = nodes.remove(nodes.size() - 1);
        nodes.add(
                new Node(
                        last.domain(),
                        last.op(),
                        last.name(),
                        last.inputs(),
                        last.outputs(),
                        last.attributes(),
                        path));
        graph.setNodes(nodes);
    }

    Shapes shapes() {
        return ShapeProbe.observe(graph, (batch, length) -> Map.of());
    }

    Walk walk() {
        return new Walk(graph, shapes());
    }

    Anatomy study(String output) {
        graph.addOutput(output);
        return Anatomist.study(graph, shapes());
    }

    Outputs outputs(String... outputs) {
        List.of(outputs).forEach(graph::addOutput);
        Shapes shapes = shapes();
        return HeadFinder.find(graph, shapes, Anatomist.study(graph, shapes));
    }

    static List<String> roles(Anatomy anatomy, int block) {
        return anatomy.linears().stream()
                .map(Anatomy.Linear::site)
                .filter(site -> site.block() == block)
                .map(Site::role)
                .toList();
    }

    static String hidden(Anatomy anatomy, String name) {
        return anatomy.hiddens().stream()
                .filter(hidden -> hidden.site().name().equals(name))
                .map(Anatomy.Hidden::value)
                .findFirst()
                .orElse("");
    }
}
