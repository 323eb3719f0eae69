package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Node;

/** The vector-Jacobian product of one operator, written as nodes. */
@FunctionalInterface
public interface Vjp {
    /**
     * Contributes the cotangents of those inputs that {@link Cotangents#needs} says are needed.
     *
     * @param node of the forward graph; at least one of its outputs has a cotangent
     * @param cotangents of the node's outputs; where contributions go
     */
    void backward(Node node, Cotangents cotangents);
}
