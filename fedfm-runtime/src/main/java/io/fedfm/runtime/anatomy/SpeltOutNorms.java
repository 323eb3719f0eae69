package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Node;
import java.util.List;
import java.util.Optional;

/**
 * Recognises normalisations that older opsets, and RMSNorm before opset 23, spell out: {@code c /
 * sqrt(mean(c^2) + eps)}, where {@code c} is the input, or the input less its mean.
 */
final class SpeltOutNorms {
    private final Walk walk;

    SpeltOutNorms(Walk walk) {
        this.walk = walk;
    }

    /** The normalisation around a square root, if it is one. */
    Optional<Norm> of(Node root) {
        String squared = meanSquareUnder(root);
        Node division = division(root.output());
        if (squared == null || division == null) {
            return Optional.empty();
        }
        String divided = walk.beforeCasts(numerator(division, root.output()));
        String input = uncentred(divided);
        if (!input.equals(uncentred(squared))) {
            return Optional.empty();
        }
        return Optional.of(withTail(input, division));
    }

    /** The value c in {@code sqrt(mean(c^2) + eps)}, or null. */
    private String meanSquareUnder(Node root) {
        Node sum = walk.producer(root.input(0));
        if (sum == null || !sum.is("Add") || walk.streamInputs(sum).size() != 1) {
            return null;
        }
        Node mean = walk.producer(walk.streamInputs(sum).get(0));
        Node square = mean == null ? null : walk.producer(mean.input(0));
        if (square == null || !mean.is("ReduceMean")) {
            return null;
        }
        boolean power = square.is("Pow") && walk.number(square.input(1)) == 2;
        boolean product = square.is("Mul") && square.input(0).equals(square.input(1));
        return power || product ? walk.beforeCasts(square.input(0)) : null;
    }

    /** {@code c / root}, {@code c * (1 / root)}; null if there is none. */
    private Node division(String root) {
        for (Node node : walk.consumers(root)) {
            boolean one = node.is("Div") && walk.number(node.input(0)) == 1;
            if (node.is("Reciprocal") || one) {
                Node product = walk.onlyConsumer(node.output());
                return product != null && product.is("Mul") ? product : null;
            }
            if (node.is("Div") && node.input(1).equals(root)) {
                return node;
            }
        }
        return null;
    }

    private String numerator(Node division, String root) {
        if (division.is("Div")) {
            return division.input(0);
        }
        Node first = walk.producer(division.input(0));
        boolean inverse = first != null && first.inputs().contains(root);
        return division.input(inverse ? 1 : 0);
    }

    /** The value before its mean is taken off, or the value itself. */
    private String uncentred(String value) {
        Node node = walk.producer(value);
        if (node == null || !node.is("Sub")) {
            return value;
        }
        boolean mean = walk.isMadeBy(walk.beforeCasts(node.input(1)), "ReduceMean");
        return mean ? walk.beforeCasts(node.input(0)) : value;
    }

    private Norm withTail(String input, Node division) {
        Node last = division;
        String weight = "";
        String bias = "";
        for (String op : List.of("Mul", "Add")) {
            Node next = afterCasts(last);
            if (next == null || !next.is(op)) {
                continue;
            }
            String through = walk.streamInputs(next).get(0);
            String constant = Walk.other(next, through);
            if (walk.isConstant(constant) && walk.width(constant) == walk.width(through)) {
                boolean named = walk.graph().initializers().containsKey(constant);
                weight = op.equals("Mul") && named ? constant : weight;
                bias = op.equals("Add") && named ? constant : bias;
                last = next;
            }
        }
        return new Norm(input, last.output(), last, weight, bias);
    }

    private Node afterCasts(Node node) {
        Node next = walk.onlyConsumer(node.output());
        while (next != null && next.is("Cast")) {
            next = walk.onlyConsumer(next.output());
        }
        return next;
    }
}
