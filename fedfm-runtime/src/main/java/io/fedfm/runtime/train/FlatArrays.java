package io.fedfm.runtime.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.fedfm.api.tensor.ParameterVector;
import java.util.ArrayList;
import java.util.List;

/**
 * A vector as DJL arrays: flat float32 pieces, in order, that share its memory, so that what is
 * done in place to a piece is done to the vector.
 *
 * <p>Made and used on one thread, and closed before the vector is.
 */
final class FlatArrays implements AutoCloseable {
    private static final int LONGEST = 1 << 20;

    private final NDManager manager;
    private final List<NDArray> pieces;
    private final List<Double> factors;

    private FlatArrays(NDManager manager, List<NDArray> pieces, List<Double> factors) {
        this.manager = manager;
        this.pieces = pieces;
        this.factors = factors;
    }

    /** Views of a vector. */
    static FlatArrays over(ParameterVector vector) {
        return over(vector, RateFactors.ONE);
    }

    /** Views of a vector, each of elements with one factor. */
    static FlatArrays over(ParameterVector vector, RateFactors factors) {
        NDManager manager = newManager();
        return cut(
                manager,
                vector,
                factors,
                (from, count) ->
                        manager.create(
                                vector.bytes(from, count), new Shape(count), DataType.FLOAT32));
    }

    /** Zeros of their own memory, in pieces like those of the vector. */
    static FlatArrays zerosLike(ParameterVector vector, RateFactors factors) {
        NDManager manager = newManager();
        return cut(manager, vector, factors, (from, count) -> manager.zeros(new Shape(count)));
    }

    private static FlatArrays cut(
            NDManager manager, ParameterVector vector, RateFactors factors, Piece piece) {
        List<NDArray> pieces = new ArrayList<>();
        List<Double> factorOf = new ArrayList<>();
        for (RateFactors.Stretch stretch : factors.of(vector.size())) {
            long end = stretch.from() + stretch.size();
            for (long from = stretch.from(); from < end; from += LONGEST) {
                pieces.add(piece.make(from, (int) Math.min(LONGEST, end - from)));
                factorOf.add(stretch.factor());
            }
        }
        return new FlatArrays(manager, pieces, factorOf);
    }

    /** Makes the array for a range of the vector. */
    @FunctionalInterface
    private interface Piece {
        NDArray make(long from, int count);
    }

    /** The pieces, in order. */
    List<NDArray> pieces() {
        return pieces;
    }

    /** What the learning rate is multiplied by in a piece. */
    double factor(int piece) {
        return factors.get(piece);
    }

    private static NDManager newManager() {
        // Every Java thread but the one that loaded the engine starts with gradients on.
        NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        JniUtils.setGradMode(false);
        return manager;
    }

    @Override
    public void close() {
        manager.close();
    }
}
