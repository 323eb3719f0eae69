package io.fedfm.runtime.program;

import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.QuantisedWeights;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import io.fedfm.runtime.weave.OpaqueModule;
import io.fedfm.runtime.weave.PseudoOps;
import io.fedfm.runtime.weave.WovenGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A woven graph with opaque modules, as sessions and module calls in turn. */
final class StagedGraph implements AutoCloseable {
    private final List<OpaqueModule> modules;
    private final Map<Stages.Stage, Segment> segments = new HashMap<>();
    private final List<Stages.Stage> stages;
    private final Map<String, Node> weights;

    /** The frozen weights that modules read. */
    private final Map<String, Tensor> constants = new HashMap<>();

    /** Compiles the graph's outputs and all that they need. */
    StagedGraph(WovenGraph woven, Shapes shapes, Sessions sessions) {
        this.modules = woven.modules();
        this.stages = Stages.of(woven.graph());
        this.weights = QuantisedWeights.of(woven.graph());
        OrtTensors tensors = new OrtTensors(sessions.environment());
        Map<String, Stages.Stage> makers = new HashMap<>();
        stages.forEach(
                stage ->
                        stage.nodes()
                                .forEach(
                                        node -> node.outputs().forEach(o -> makers.put(o, stage))));
        for (Stages.Stage stage : stages) {
            if (stage.modules()) {
                stage.nodes().forEach(node -> keepConstants(node, woven.graph()));
            } else {
                Graph graph = cut(woven.graph(), stage, makers, shapes);
                segments.put(
                        stage,
                        new Segment(
                                sessions.openSegment(graph), tensors, Set.copyOf(graph.outputs())));
            }
        }
    }

    private void keepConstants(Node module, Graph graph) {
        for (String input : module.inputs()) {
            if (graph.initializers().containsKey(input)) {
                constants.put(input, graph.initializers().get(input));
            }
        }
    }

    /** Runs all stages; their values stay in the step. */
    void run(Step step) {
        for (Stages.Stage stage : stages) {
            if (!stage.modules()) {
                segments.get(stage).run(step);
                continue;
            }
            for (Node node : stage.nodes()) {
                int index = PseudoOps.index(node);
                if (PseudoOps.is(node, PseudoOps.MODULE)) {
                    step.tapes.put(
                            index, new ModuleTape(modules.get(index), node, constants, step));
                } else {
                    step.tapes.get(index).backward(node, step);
                }
            }
        }
    }

    /**
     * The nodes of a stage as a graph: what comes from other stages is its input, what they need
     * its output.
     */
    private Graph cut(
            Graph whole, Stages.Stage stage, Map<String, Stages.Stage> makers, Shapes shapes) {
        Graph graph = new Graph(whole.opset());
        ElementTypes types = new ElementTypes(whole, shapes);
        Set<String> read = new LinkedHashSet<>();
        stage.nodes().forEach(node -> read.addAll(node.inputs()));
        for (Node weight : weights(stage, whole, read)) {
            graph.addNode(weight);
        }
        for (String value : read) {
            if (whole.initializers().containsKey(value)) {
                graph.addInitializer(value, whole.initializers().get(value));
            } else if (whole.inputs().containsKey(value)) {
                graph.addInput(whole.inputs().get(value));
            } else if (!value.isEmpty()
                    && makers.get(value) != stage
                    && !weights.containsKey(value)) {
                graph.addInput(declare(value, shapes, types));
            }
        }
        stage.nodes().forEach(graph::addNode);
        Set<String> wanted = new HashSet<>(whole.outputs());
        for (Stages.Stage other : stages) {
            for (Node node : other == stage ? List.<Node>of() : other.nodes()) {
                node.inputs().stream()
                        .filter(input -> other.modules() || !weights.containsKey(input))
                        .forEach(wanted::add);
            }
        }
        stage.nodes()
                .forEach(
                        node ->
                                node.outputs().stream()
                                        .filter(wanted::contains)
                                        .forEach(graph::addOutput));
        return graph;
    }

    /** Weights kept as integers are made floats where they are read, and cross no border. */
    private List<Node> weights(Stages.Stage stage, Graph whole, Set<String> read) {
        List<Node> made = new ArrayList<>();
        for (String value : List.copyOf(read)) {
            Node weight = weights.get(value);
            if (weight != null && !stage.nodes().contains(weight)) {
                made.add(weight);
                read.addAll(weight.inputs());
            }
        }
        return made;
    }

    private static ValueInfo declare(String value, Shapes shapes, ElementTypes types) {
        if (!shapes.has(value)) {
            // Made by the backward pass: only a run tells its shape.
            return ValueInfo.unknownShape(value, types.of(value));
        }
        List<String> dimensions = new ArrayList<>();
        for (long dimension : shapes.dimensions(value)) {
            dimensions.add(dimension == Shapes.VARIES ? "" : Long.toString(dimension));
        }
        return new ValueInfo(value, shapes.type(value), dimensions);
    }

    @Override
    public void close() {
        segments.values().forEach(Segment::close);
    }
}
