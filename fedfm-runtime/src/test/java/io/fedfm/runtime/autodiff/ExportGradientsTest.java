package io.fedfm.runtime.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.ExampleInputs;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.ShapeProbe;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.oracle.GraphGradients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whole transformers as exporters write them: every projection and every embedding. */
final class ExportGradientsTest {
    private static final Path EXPORTS = Path.of("../fedfm-dist/src/test/resources/exports");

    @TestFactory
    Stream<DynamicTest> gradientsAreThoseOfPyTorch() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(EXPORTS)) {
            files = all.filter(ExportGradientsTest::isReadable).sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(20);
        return files.stream()
                .map(
                        file ->
                                DynamicTest.dynamicTest(
                                        file.getFileName().toString(), () -> check(file)));
    }

    private static boolean isReadable(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".onnx")
                && !name.contains("optimised")
                && !name.contains("external-escape");
    }

    private static void check(Path file) {
        Graph graph = OnnxReader.read(file);
        String loss = appendLoss(graph);
        Shapes shapes = ShapeProbe.observe(graph, (batch, length) -> Map.of());
        List<String> wanted = wanted(graph, shapes);
        assertThat(wanted).hasSizeGreaterThan(8);
        assertThat(Autodiff.unsupported(graph, shapes, loss, wanted)).isEmpty();

        Map<String, Tensor> feeds = ExampleInputs.make(graph, 2, 6, new Random(5), true);
        Graph exposed = graph.copy();
        exposed.clearOutputs();
        exposed.addOutput(loss);
        Map<String, Tensor> point = new HashMap<>();
        for (String value : wanted) {
            if (graph.initializers().containsKey(value)) {
                point.put(value, graph.initializers().get(value));
            } else {
                exposed.addOutput(value);
            }
        }
        Map<String, Tensor> forward = GraphRunner.run(exposed, feeds);
        wanted.forEach(value -> point.computeIfAbsent(value, forward::get));
        GraphGradients oracle = GraphGradients.of(graph, feeds, loss, point);

        Map<String, String> gradients = Autodiff.append(graph, shapes, loss, wanted);
        graph.clearOutputs();
        gradients.values().forEach(graph::addOutput);
        graph.addOutput(loss);
        graph.prune();
        Map<String, Tensor> found = GraphRunner.run(graph, feeds);
        assertThat((double) found.get(loss).toFloats()[0])
                .isCloseTo(oracle.loss(), org.assertj.core.data.Percentage.withPercentage(0.01));
        for (String value : wanted) {
            GradientCheck.assertClose(
                    value, found.get(gradients.get(value)), oracle.gradients().get(value), 1e-4);
        }
    }

    /** A sum over all outputs with weights of both signs. */
    private static String appendLoss(Graph graph) {
        GraphBuilder g = new GraphBuilder(graph, "loss");
        String loss = null;
        for (String output : List.copyOf(graph.outputs())) {
            String part = g.op("ReduceSum", Attributes.of("keepdims", 0), g.op("Sin", output));
            loss = loss == null ? part : g.op("Add", loss, part);
        }
        return loss;
    }

    /** The matrices that anything is multiplied by, and the rows looked up in tables. */
    private static List<String> wanted(Graph graph, Shapes shapes) {
        List<String> wanted = new ArrayList<>();
        for (Node node : graph.nodes()) {
            String candidate =
                    node.is("MatMul") || node.is("Gemm")
                            ? node.input(1)
                            : node.is("Gather") ? node.output() : "";
            boolean frozen = graph.initializers().containsKey(candidate);
            boolean looked =
                    node.is("Gather")
                            && graph.initializers().containsKey(node.input(0))
                            && shapes.rank(candidate) == 3;
            if ((frozen || looked)
                    && shapes.type(candidate) == ElementType.FLOAT
                    && !wanted.contains(candidate)) {
                wanted.add(candidate);
            }
        }
        return wanted;
    }
}
