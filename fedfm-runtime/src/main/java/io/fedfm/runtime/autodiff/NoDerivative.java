package io.fedfm.runtime.autodiff;

/** Says that an operator, as this node uses it, has no derivative here; the message is why. */
final class NoDerivative extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoDerivative(String reason) {
        super(reason);
    }
}
