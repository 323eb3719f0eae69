package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.stream.LongStream;

/** Rotary position embedding: pairs of elements turn by their position's angle. */
final class Rotations {
    private Rotations() {}

    static Map<String, Operator> all() {
        return Map.of("RotaryEmbedding", Operator.one(Rotations::rotary));
    }

    private static NDArray rotary(Call call) {
        NDArray given = call.input(0);
        Shape shape = given.getShape();
        NDArray x = given;
        if (shape.dimension() == 3) {
            long heads = call.attributes().integer("num_heads", 0);
            x = given.reshape(shape.get(0), shape.get(1), heads, -1).transpose(0, 2, 1, 3);
        }
        long size = x.getShape().get(3);
        long rotated = call.attributes().integer("rotary_embedding_dim", 0);
        rotated = rotated == 0 ? size : rotated;
        boolean interleaved = call.attributes().integer("interleaved", 0) == 1;
        long[] order = order(size, rotated, interleaved);
        NDArray sorted = Lookups.select(x, 3, order, call.manager());
        long half = rotated / 2;
        NDArray a = part(call, sorted, 0, half);
        NDArray b = part(call, sorted, half, rotated);
        NDArray cos = angles(call, 1);
        NDArray sin = angles(call, 2);
        NDArray turned = a.mul(cos).sub(b.mul(sin)).concat(a.mul(sin).add(b.mul(cos)), 3);
        NDArray rest = part(call, sorted, rotated, size);
        NDArray joined = rotated == size ? turned : turned.concat(rest, 3);
        NDArray result = Lookups.select(joined, 3, inverse(order), call.manager());
        return shape.dimension() == 3 ? result.transpose(0, 2, 1, 3).reshape(shape) : result;
    }

    private static NDArray part(Call call, NDArray x, long from, long to) {
        return Lookups.select(x, 3, LongStream.range(from, to).toArray(), call.manager());
    }

    /** Cosines or sines as [batch, 1, length, half]. */
    private static NDArray angles(Call call, int input) {
        NDArray table = call.input(input);
        if (!call.has(3)) {
            return table.expandDims(1);
        }
        Shape positions = call.input(3).getShape();
        return Lookups.select(table, 0, call.integers(3), call.manager())
                .reshape(positions.get(0), 1, positions.get(1), -1);
    }

    /** First elements of the pairs, then second ones, then those that are not rotated. */
    private static long[] order(long size, long rotated, boolean interleaved) {
        long half = rotated / 2;
        return LongStream.range(0, size)
                .map(i -> !interleaved || i >= rotated ? i : i < half ? 2 * i : 2 * (i - half) + 1)
                .toArray();
    }

    private static long[] inverse(long[] order) {
        long[] inverse = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[(int) order[i]] = i;
        }
        return inverse;
    }
}
