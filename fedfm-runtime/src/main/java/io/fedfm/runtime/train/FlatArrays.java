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
    private final NDManager manager;
    private final List<NDArray> pieces;

    private FlatArrays(NDManager manager, List<NDArray> pieces) {
        this.manager = manager;
        this.pieces = pieces;
    }

    /** Views of a vector. */
    static FlatArrays over(ParameterVector vector) {
        NDManager manager = newManager();
        List<NDArray> pieces = new ArrayList<>();
        vector.forEachChunk(
                (from, count) ->
                        pieces.add(
                                manager.create(
                                        vector.bytes(from, count),
                                        new Shape(count),
                                        DataType.FLOAT32)));
        return new FlatArrays(manager, pieces);
    }

    /** Zeros of their own memory, in pieces like those of the vector. */
    static FlatArrays zerosLike(ParameterVector vector) {
        NDManager manager = newManager();
        List<NDArray> pieces = new ArrayList<>();
        vector.forEachChunk((from, count) -> pieces.add(manager.zeros(new Shape(count))));
        return new FlatArrays(manager, pieces);
    }

    /** The pieces, in order. */
    List<NDArray> pieces() {
        return pieces;
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
