package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds attentions: a softmax whose scores come from a product of two values of the stream, and
 * which is itself multiplied by a third.
 *
 * <p>Between product and softmax may stand masks (Add, Where), scales, caps and casts; after the
 * softmax the guard against rows masked whole (IsNaN, Where).
 */
final class AttentionFinder {
    private static final Set<String> BEFORE_SOFTMAX =
            Set.of(
                    "Add", "Sub", "Mul", "Div", "Where", "Cast", "Flatten", "Reshape", "Tanh",
                    "Max", "Min", "Clip");
    private static final Set<String> AFTER_SOFTMAX = Set.of("Where", "Cast", "Mul", "Reshape");

    private final Walk walk;

    AttentionFinder(Walk walk) {
        this.walk = walk;
    }

    /** The attentions, in the order of the data flow. */
    List<Scores> find() {
        List<Scores> found = new ArrayList<>();
        for (Node node : walk.graph().nodes()) {
            if (node.is("Softmax") && walk.isStream(node.input(0))) {
                ofSoftmax(node).ifPresent(found::add);
            }
        }
        return found;
    }

    private Optional<Scores> ofSoftmax(Node softmax) {
        Node product = productBefore(softmax.input(0));
        String weights = softmax.output();
        Node mix = productAfter(weights);
        if (product == null || mix == null) {
            return Optional.empty();
        }
        boolean first = walk.ancestors(mix.input(0)).contains(weights);
        return Optional.of(
                new Scores(
                        softmax,
                        softmax.input(0),
                        product.input(0),
                        product.input(1),
                        mix.input(first ? 1 : 0),
                        mix.output(),
                        scale(product, softmax)));
    }

    private double scale(Node product, Node softmax) {
        ScaleReader reader = new ScaleReader(walk);
        return reader.between(product.output(), softmax.input(0)) * reader.behind(product.input(1));
    }

    private Node productBefore(String scores) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(scores));
        while (!open.isEmpty()) {
            String current = open.pop();
            Node node = walk.producer(current);
            if (node == null || !seen.add(current)) {
                continue;
            }
            if (node.is("MatMul") && walk.streamInputs(node).size() == 2) {
                return node;
            }
            if (node.domain().isEmpty() && BEFORE_SOFTMAX.contains(node.op())) {
                open.addAll(walk.streamInputs(node));
            }
        }
        return null;
    }

    private Node productAfter(String weights) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(weights));
        while (!open.isEmpty()) {
            String current = open.poll();
            if (!seen.add(current)) {
                continue;
            }
            for (Node node : walk.consumers(current)) {
                if (node.is("MatMul") && walk.streamInputs(node).size() == 2) {
                    return node;
                }
                if (node.domain().isEmpty() && AFTER_SOFTMAX.contains(node.op())) {
                    open.add(node.output());
                }
            }
        }
        return null;
    }
}
