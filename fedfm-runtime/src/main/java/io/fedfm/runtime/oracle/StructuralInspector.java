package io.fedfm.runtime.oracle;

import io.fedfm.runtime.anatomy.Anatomist;
import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.ModelFolder;
import io.fedfm.runtime.graph.ShapeProbe;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.ValueInfo;
import io.fedfm.runtime.program.ParameterCount;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads a backbone, runs it once on tiny inputs, and finds its sites. */
public final class StructuralInspector implements ModelInspector {
    private final GeneratedModels generated;

    /** Models that are not there but can be generated are. */
    public StructuralInspector(GeneratedModels generated) {
        this.generated = generated;
    }

    @Override
    public ModelReport inspect(Path model) {
        ModelFolder folder = ModelFolder.open(generated.prepare(model));
        Graph graph = folder.read();
        Shapes shapes = ShapeProbe.observe(graph, (batch, length) -> Map.of());
        Anatomy anatomy = Anatomist.study(graph, shapes);
        return new ModelReport(
                folder.onnx(),
                graph.opset(),
                graph.nodes().size(),
                ParameterCount.frozen(graph),
                graph.inputs().values().stream().map(StructuralInspector::input).toList(),
                graph.outputs().stream().map(name -> output(name, shapes)).toList(),
                anatomy.backbone().sites());
    }

    private static ModelReport.Value input(ValueInfo input) {
        List<String> shape = input.dimensions().stream().map(d -> d.isEmpty() ? "?" : d).toList();
        return new ModelReport.Value(input.name(), type(input.type()), shape);
    }

    private static ModelReport.Value output(String name, Shapes shapes) {
        List<String> shape =
                Arrays.stream(shapes.dimensions(name))
                        .mapToObj(d -> d == Shapes.VARIES ? "?" : Long.toString(d))
                        .toList();
        return new ModelReport.Value(name, type(shapes.type(name)), shape);
    }

    private static String type(ElementType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
