package io.fedfm.api.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Runs the vocabulary on DJL arrays; gradients come from the engine's autograd.
 *
 * <p>Every result is attached to the manager given here, whichever manager its arguments belong to,
 * and lives until that manager is closed.
 */
public final class DjlOps implements TensorOps<NDArray> {
    private final NDManager manager;
    private final boolean training;
    private final LongSupplier dropoutSeeds;

    /**
     * An interpreter for one step.
     *
     * @param manager owns all results
     * @param training whether dropout drops
     * @param dropoutSeeds the seeds of the step's dropouts, such as a {@link DropoutStream}
     */
    public DjlOps(NDManager manager, boolean training, LongSupplier dropoutSeeds) {
        this.manager = Objects.requireNonNull(manager, "manager is null");
        this.training = training;
        this.dropoutSeeds = Objects.requireNonNull(dropoutSeeds, "dropoutSeeds is null");
    }

    @Override
    public NDArray constant(double value) {
        return manager.create((float) value);
    }

    @Override
    public NDArray add(NDArray a, NDArray b) {
        return own(a.add(b));
    }

    @Override
    public NDArray subtract(NDArray a, NDArray b) {
        return own(a.sub(b));
    }

    @Override
    public NDArray multiply(NDArray a, NDArray b) {
        return own(a.mul(b));
    }

    @Override
    public NDArray divide(NDArray a, NDArray b) {
        return own(a.div(b));
    }

    @Override
    public NDArray scale(NDArray a, double factor) {
        // Not mul(Number): DJL frees that number's memory while autograd still holds it.
        return multiply(a, constant(factor));
    }

    @Override
    public NDArray matMul(NDArray a, NDArray b) {
        return own(a.matMul(b));
    }

    @Override
    public NDArray transpose(NDArray a) {
        return own(a.transpose(1, 0));
    }

    @Override
    public NDArray permute(NDArray a, int... axes) {
        int[] counted = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            counted[i] = axis(a, axes[i]);
        }
        return own(a.transpose(counted));
    }

    @Override
    public NDArray reshape(NDArray a, long... shape) {
        long[] resolved = shape.clone();
        for (int i = 0; i < resolved.length; i++) {
            resolved[i] = resolved[i] == 0 ? a.getShape().get(i) : resolved[i];
        }
        return own(a.reshape(resolved));
    }

    @Override
    public NDArray concat(int axis, List<NDArray> parts) {
        return own(NDArrays.concat(new NDList(parts), axis(parts.get(0), axis)));
    }

    @Override
    public NDArray slice(NDArray a, int axis, long from, long to) {
        NDIndex index = new NDIndex();
        for (int before = axis(a, axis); before > 0; before--) {
            index.addAllDim();
        }
        return own(a.get(index.addSliceDim(from, to)));
    }

    @Override
    public NDArray sum(NDArray a, int axis, boolean keepAxis) {
        return own(a.sum(new int[] {axis(a, axis)}, keepAxis));
    }

    @Override
    public NDArray mean(NDArray a, int axis, boolean keepAxis) {
        return own(a.mean(new int[] {axis(a, axis)}, keepAxis));
    }

    @Override
    public NDArray exp(NDArray a) {
        return own(a.exp());
    }

    @Override
    public NDArray log(NDArray a) {
        return own(a.log());
    }

    @Override
    public NDArray sqrt(NDArray a) {
        return own(a.sqrt());
    }

    @Override
    public NDArray tanh(NDArray a) {
        return own(a.tanh());
    }

    @Override
    public NDArray sigmoid(NDArray a) {
        return own(a.getNDArrayInternal().sigmoid());
    }

    @Override
    public NDArray relu(NDArray a) {
        return own(a.getNDArrayInternal().relu());
    }

    @Override
    public NDArray gelu(NDArray a) {
        NDArray normal = add(own(scale(a, 1 / Math.sqrt(2)).erf()), constant(1));
        return multiply(scale(a, 0.5), normal);
    }

    @Override
    public NDArray softmax(NDArray a, int axis) {
        return own(a.softmax(axis(a, axis)));
    }

    @Override
    public NDArray logSumExp(NDArray a, int axis, boolean keepAxis) {
        int along = axis(a, axis);
        NDArray largest = stopGradient(own(a.max(new int[] {along}, true)));
        NDArray kept = add(log(sum(exp(subtract(a, largest)), along, true)), largest);
        return keepAxis ? kept : own(kept.squeeze(along));
    }

    @Override
    public NDArray dropout(NDArray a, double probability) {
        long threshold = DropoutStream.threshold(probability);
        if (!training || probability == 0) {
            return a;
        }
        try (NDManager scratch = manager.newSubManager()) {
            NDArray mask = keep(scratch, a.getShape(), threshold).toType(DataType.FLOAT32, false);
            return multiply(a, mask.mul((float) (1 / (1 - probability))));
        }
    }

    @Override
    public NDArray stopGradient(NDArray a) {
        return own(a.stopGradient());
    }

    /** The hash that {@link DropoutStream} describes; an index is always below its modulus. */
    private NDArray keep(NDManager scratch, Shape shape, long threshold) {
        long seed = dropoutSeeds.getAsLong();
        // Not arange: it counts in float32.
        NDArray index = scratch.ones(new Shape(shape.size()), DataType.INT64).cumSum(0).sub(1L);
        NDArray u = index.mul(DropoutStream.INDEX_FACTOR).add(seed).mod(DropoutStream.MODULUS);
        u = u.mul(u).add(DropoutStream.SQUARE_OFFSET).mod(DropoutStream.MODULUS);
        u = u.mul(DropoutStream.LAST_FACTOR).add(seed).mod(DropoutStream.MODULUS);
        return u.gte(threshold).reshape(shape);
    }

    private NDArray own(NDArray result) {
        if (result.getManager() != manager) {
            result.attach(manager);
        }
        return result;
    }

    private static int axis(NDArray a, int axis) {
        return axis < 0 ? axis + a.getShape().dimension() : axis;
    }
}
