package io.fedfm.api.tensor;

import java.util.List;

/**
 * The operations a portable module is written in; an interpreter gives them a meaning.
 *
 * <p>One interpreter writes ONNX nodes (a {@code T} is the name of a value), another runs on DJL
 * arrays. All tensors are float32. Element-wise operations broadcast as NumPy does. A negative axis
 * counts from the last. Operations return new tensors and leave their arguments alone. The
 * derivatives follow from the operations; nobody writes them.
 *
 * @param <T> a tensor, as the interpreter sees it
 */
public interface TensorOps<T> {
    /** A scalar. */
    T constant(double value);

    /** {@code a + b}. */
    T add(T a, T b);

    /** {@code a - b}. */
    T subtract(T a, T b);

    /** {@code a * b}, element by element. */
    T multiply(T a, T b);

    /** {@code a / b}, element by element. */
    T divide(T a, T b);

    /** {@code factor * a}. */
    T scale(T a, double factor);

    /** The matrix product over the last two axes; leading axes broadcast. */
    T matMul(T a, T b);

    /** Swaps the axes of a matrix: [m, n] becomes [n, m]. */
    T transpose(T a);

    /** Reorders the axes: axis {@code i} of the result is axis {@code axes[i]} of {@code a}. */
    T permute(T a, int... axes);

    /** Reshapes; 0 keeps the dimension at this place, one -1 is inferred. */
    T reshape(T a, long... shape);

    /** Joins tensors along an axis. */
    T concat(int axis, List<T> parts);

    /**
     * The part of {@code a} from {@code from} (included) to {@code to} (excluded) along an axis.
     */
    T slice(T a, int axis, long from, long to);

    /** Sums along an axis. */
    T sum(T a, int axis, boolean keepAxis);

    /** Averages along an axis. */
    T mean(T a, int axis, boolean keepAxis);

    /** e to the power of {@code a}. */
    T exp(T a);

    /** The natural logarithm. */
    T log(T a);

    /** The square root. */
    T sqrt(T a);

    /** The hyperbolic tangent. */
    T tanh(T a);

    /** {@code 1 / (1 + exp(-a))}. */
    T sigmoid(T a);

    /** {@code max(a, 0)}. */
    T relu(T a);

    /** {@code a * Phi(a)} with the exact normal distribution function (erf). */
    T gelu(T a);

    /** The softmax along an axis. */
    T softmax(T a, int axis);

    /** {@code log(sum(exp(a)))} along an axis, without overflow. */
    T logSumExp(T a, int axis, boolean keepAxis);

    /**
     * In training, zeroes each element with this probability and scales the rest up; in evaluation,
     * {@code a}.
     */
    T dropout(T a, double probability);

    /** {@code a}, through which no gradient flows. */
    T stopGradient(T a);
}
