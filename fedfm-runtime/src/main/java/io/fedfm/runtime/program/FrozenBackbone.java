package io.fedfm.runtime.program;

import io.fedfm.runtime.anatomy.Anatomist;
import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.anatomy.HeadFinder;
import io.fedfm.runtime.anatomy.Outputs;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.InputRole;
import io.fedfm.runtime.graph.ShapeProbe;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.WeightFile;
import io.fedfm.runtime.objective.BackboneOutputs;
import java.nio.file.Path;
import java.util.Map;

/**
 * A backbone read and understood: its graph, its sites, what it gives, and its weights in one
 * mapped file.
 */
public final class FrozenBackbone implements AutoCloseable {
    private final WeightFile weights;
    private final Anatomy anatomy;
    private final BackboneOutputs outputs;

    private FrozenBackbone(WeightFile weights, Anatomy anatomy, BackboneOutputs outputs) {
        this.weights = weights;
        this.anatomy = anatomy;
        this.outputs = outputs;
    }

    /**
     * Studies a graph.
     *
     * @param read as it was read
     * @param cache where the file of weights is kept
     */
    public static FrozenBackbone of(Graph read, Path cache) {
        WeightFile weights = WeightFile.of(read, cache);
        Graph graph = weights.backbone();
        Shapes shapes = ShapeProbe.observe(graph, weights, (batch, length) -> Map.of());
        Anatomy anatomy = Anatomist.study(graph, shapes);
        return new FrozenBackbone(weights, anatomy, outputs(graph, shapes, anatomy));
    }

    private static BackboneOutputs outputs(Graph graph, Shapes shapes, Anatomy anatomy) {
        Outputs found = HeadFinder.find(graph, shapes, anatomy);
        return new BackboneOutputs(
                found.hidden(),
                found.pooled(),
                found.logits(),
                found.head(),
                mask(graph),
                last(shapes, found.hidden().isEmpty() ? found.pooled() : found.hidden()),
                last(shapes, found.logits()),
                found.tokenLogits());
    }

    private static String mask(Graph graph) {
        return InputRole.of(graph).entrySet().stream()
                .filter(input -> input.getValue() == InputRole.MASK)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    private static long last(Shapes shapes, String value) {
        if (value.isEmpty()) {
            return 0;
        }
        long[] dimensions = shapes.dimensions(value);
        return dimensions[dimensions.length - 1];
    }

    /** The graph, its large constants views of the weight file. */
    public Graph graph() {
        return weights.backbone();
    }

    /** The frozen weights. */
    public WeightFile weights() {
        return weights;
    }

    /** The sites and where they are. */
    public Anatomy anatomy() {
        return anatomy;
    }

    /** What objectives build on. */
    public BackboneOutputs outputs() {
        return outputs;
    }

    @Override
    public void close() {
        weights.close();
    }
}
