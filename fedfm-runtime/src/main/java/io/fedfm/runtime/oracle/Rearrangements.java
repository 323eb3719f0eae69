package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators that move, join or repeat elements. */
final class Rearrangements {
    private Rearrangements() {}

    static Map<String, Operator> all() {
        Map<String, Operator> all = new HashMap<>();
        all.put("Reshape", Operator.one(Rearrangements::reshape));
        all.put("Flatten", Operator.one(Rearrangements::flatten));
        all.put("Squeeze", Operator.one(Rearrangements::squeeze));
        all.put("Unsqueeze", Operator.one(Rearrangements::unsqueeze));
        all.put("Transpose", Operator.one(Rearrangements::transpose));
        all.put("Expand", Operator.one(Rearrangements::expand));
        all.put("Tile", Operator.one(call -> call.input(0).tile(call.integers(1))));
        all.put("Concat", Operator.one(Rearrangements::concat));
        all.put("Split", Rearrangements::split);
        return all;
    }

    private static NDArray reshape(Call call) {
        long[] shape = call.integers(1);
        boolean literal = call.attributes().integer("allowzero", 0) == 1;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == 0 && !literal) {
                shape[i] = call.input(0).getShape().get(i);
            }
        }
        return call.input(0).reshape(new Shape(shape));
    }

    private static NDArray flatten(Call call) {
        long rows = call.input(0).getShape().slice(0, call.axis(1)).size();
        return call.input(0).reshape(rows, call.input(0).size() / rows);
    }

    private static NDArray squeeze(Call call) {
        long[] shape = call.input(0).getShape().getShape();
        List<Integer> dropped =
                call.has(1)
                        ? Arrays.stream(call.axes(1)).boxed().toList()
                        : IntStream.range(0, shape.length)
                                .filter(i -> shape[i] == 1)
                                .boxed()
                                .toList();
        long[] kept =
                IntStream.range(0, shape.length)
                        .filter(i -> !dropped.contains(i))
                        .mapToLong(i -> shape[i])
                        .toArray();
        return call.input(0).reshape(new Shape(kept));
    }

    private static NDArray unsqueeze(Call call) {
        long[] axes = call.integers(1);
        int rank = call.rank(0) + axes.length;
        List<Integer> added = LongStream.of(axes).mapToObj(a -> Call.axis(a, rank)).toList();
        List<Long> shape = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < rank; i++) {
            shape.add(added.contains(i) ? 1 : call.input(0).getShape().get(next++));
        }
        return call.input(0).reshape(new Shape(shape.stream().mapToLong(l -> l).toArray()));
    }

    private static NDArray transpose(Call call) {
        long[] order = call.attributes().integers("perm");
        int rank = call.rank(0);
        int[] axes =
                order == null
                        ? IntStream.range(0, rank).map(i -> rank - 1 - i).toArray()
                        : LongStream.of(order).mapToInt(Math::toIntExact).toArray();
        return rank == 0 ? call.input(0) : call.input(0).transpose(axes);
    }

    private static NDArray expand(Call call) {
        long[] from = call.input(0).getShape().getShape();
        long[] to = call.integers(1);
        long[] result = new long[Math.max(from.length, to.length)];
        for (int i = 1; i <= result.length; i++) {
            long a = i <= from.length ? from[from.length - i] : 1;
            long b = i <= to.length ? to[to.length - i] : 1;
            result[result.length - i] = a == 1 ? b : a;
        }
        return call.input(0).broadcast(new Shape(result));
    }

    /** DJL copies an only array, and with it off the tape. */
    private static NDArray concat(Call call) {
        return call.inputs().size() == 1
                ? call.input(0)
                : NDArrays.concat(new NDList(call.inputs()), call.axis(0));
    }

    private static List<NDArray> split(Call call) {
        NDArray x = call.input(0);
        int axis = call.axis(0);
        long[] sizes = call.integers(1);
        if (sizes == null) {
            int parts = call.node().outputs().size();
            long size = (x.getShape().get(axis) + parts - 1) / parts;
            sizes = new long[parts];
            Arrays.fill(sizes, size);
            sizes[parts - 1] = x.getShape().get(axis) - size * (parts - 1);
        }
        List<NDArray> results = new ArrayList<>();
        long from = 0;
        for (long size : sizes) {
            long[] taken = LongStream.range(from, from + size).toArray();
            results.add(Lookups.select(x, axis, taken, call.manager()));
            from += size;
        }
        return results;
    }
}
