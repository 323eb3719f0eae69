package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.TopologicalOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gradient checkpointing (Chen et al. 2016, <a
 * href="https://arxiv.org/abs/1604.06174">arXiv:1604.06174</a>): the backward pass of a segment
 * reads activations that are computed again from the segment's first value, so that those of the
 * forward pass can be let go.
 *
 * <p>A runtime that merges common subexpressions would undo this, and one that is free to order
 * nodes might compute everything again at once. So a segment starts again from its first value plus
 * a zero that is made from the gradients above it, which no optimizer can know.
 */
public final class Recomputation {
    private final Graph graph;
    private final Segments segments;
    private final Map<String, String> cotangents;
    private final List<String> gradients;
    private final List<Node> repeated = new ArrayList<>();

    private Recomputation(
            Graph graph,
            Segments segments,
            Map<String, String> cotangents,
            Collection<String> gradients) {
        this.graph = graph;
        this.segments = segments;
        this.cotangents = cotangents;
        this.gradients = List.copyOf(gradients);
    }

    /**
     * Rewrites a graph with a backward pass, whose results stay what they are.
     *
     * @param graph pruned to what its outputs need
     * @param forward the values of the forward pass
     * @param boundaries the values between the segments, from input to output
     * @param cotangents boundary to its cotangent
     * @param gradients the results of the backward pass
     */
    public static void apply(
            Graph graph,
            Set<String> forward,
            List<String> boundaries,
            Map<String, String> cotangents,
            Collection<String> gradients) {
        Segments segments = new Segments(graph, forward, boundaries);
        new Recomputation(graph, segments, cotangents, gradients).rewrite();
    }

    private void rewrite() {
        Set<String> made = graph.producers().keySet();
        List<Node> forward = new ArrayList<>();
        List<Node> backward = new ArrayList<>();
        graph.nodes().forEach(node -> (segments.isForward(node) ? forward : backward).add(node));
        Map<Integer, String> starts = new LinkedHashMap<>();
        for (int segment = segments.count() - 1; segment >= 0; segment--) {
            Set<Node> readers = readers(segment, backward);
            if (made.contains(cotangents.get(segments.end(segment))) && !readers.isEmpty()) {
                starts.put(segment, repeat(segment, readers, backward));
            }
        }
        List<Node> late = new ArrayList<>(repeated);
        late.addAll(backward);
        graph.setNodes(forward);
        late.forEach(graph::addNode);
        Map<Integer, List<String>> finished = finished(starts, late);
        starts.forEach((segment, start) -> start(segment, start, finished.get(segment)));
        TopologicalOrder.establish(graph);
    }

    /**
     * The nodes that read values of a segment, but for those (shape arithmetic) that the cotangent
     * at its end depends on: nothing can be computed again before that is there.
     */
    private Set<Node> readers(int segment, List<Node> backward) {
        Set<Node> readers = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<String> awaited = new HashSet<>(Set.of(cotangents.get(segments.end(segment))));
        for (int i = backward.size() - 1; i >= 0; i--) {
            Node node = backward.get(i);
            if (node.outputs().stream().anyMatch(awaited::contains)) {
                awaited.addAll(node.inputs());
            } else if (node.inputs().stream().anyMatch(v -> segments.isInside(v, segment))) {
                readers.add(node);
            }
        }
        return readers;
    }

    /**
     * Repeats the nodes of a segment that make what the readers read, and lets them read that.
     *
     * @return the name of what the repeated nodes start from, which nothing makes yet
     */
    private String repeat(int segment, Set<Node> readers, List<Node> backward) {
        Set<String> read = new LinkedHashSet<>();
        readers.forEach(node -> read.addAll(node.inputs()));
        read.removeIf(value -> !segments.isInside(value, segment));
        Map<String, String> copies = new HashMap<>();
        String start = graph.freshName("again/" + segments.start(segment));
        copies.put(segments.start(segment), start);
        for (Node node : segments.making(segment, read)) {
            List<String> inputs =
                    node.inputs().stream().map(i -> copies.getOrDefault(i, i)).toList();
            List<String> outputs = new ArrayList<>();
            for (String output : node.outputs()) {
                String copy = output.isEmpty() ? "" : graph.freshName("again/" + output);
                copies.put(output, copy);
                outputs.add(copy);
            }
            repeated.add(
                    new Node(
                            node.domain(),
                            node.op(),
                            "again/" + node.name(),
                            inputs,
                            outputs,
                            node.attributes(),
                            node.modulePath()));
        }
        backward.replaceAll(
                node ->
                        readers.contains(node)
                                ? node.withInputs(
                                        node.inputs().stream()
                                                .map(v -> read.contains(v) ? copies.get(v) : v)
                                                .toList())
                                : node);
        return start;
    }

    /**
     * The results that need activations of the repeated segment above, and of none below it: once
     * they are there, those activations can go.
     */
    private Map<Integer, List<String>> finished(Map<Integer, String> starts, List<Node> late) {
        Map<String, Integer> lowest = new HashMap<>();
        starts.forEach((segment, start) -> lowest.put(start, segment));
        for (Node node : late) {
            int segment = Integer.MAX_VALUE;
            for (String input : node.inputs()) {
                segment = Math.min(segment, lowest.getOrDefault(input, Integer.MAX_VALUE));
            }
            for (String output : node.outputs()) {
                lowest.put(output, segment);
            }
        }
        Map<Integer, List<String>> finished = new HashMap<>();
        int above = Integer.MAX_VALUE;
        for (int segment : starts.keySet()) {
            int last = above;
            finished.put(
                    segment,
                    gradients.stream().filter(g -> lowest.getOrDefault(g, -1) == last).toList());
            above = segment;
        }
        return finished;
    }

    /** Starts a segment again: from its first value plus zero, once other values are there. */
    private void start(int segment, String start, List<String> finished) {
        GraphBuilder builder = new GraphBuilder(graph, "again");
        List<String> awaited = new ArrayList<>(finished);
        awaited.add(cotangents.get(segments.end(segment)));
        String[] elements =
                awaited.stream()
                        .map(value -> builder.slice(builder.reshape(value, -1), 0, 0, 1))
                        .toArray(String[]::new);
        String any = builder.op("Sum", elements);
        // Zero also where a gradient is not finite.
        String zero = builder.cast(builder.op("Less", any, any), ElementType.FLOAT);
        graph.addNode(
                Node.of(
                        "Add",
                        start,
                        List.of(segments.start(segment), zero),
                        List.of(start),
                        Attributes.none()));
    }
}
