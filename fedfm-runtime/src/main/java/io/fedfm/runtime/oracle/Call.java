package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.Node;
import java.util.List;
import java.util.stream.LongStream;

/**
 * One use of an operator.
 *
 * @param node of the graph
 * @param manager that owns the results
 * @param inputs with null where one is left out
 */
record Call(Node node, NDManager manager, List<NDArray> inputs) {
    NDArray input(int index) {
        return index < inputs.size() ? inputs.get(index) : null;
    }

    boolean has(int index) {
        return input(index) != null;
    }

    Attributes attributes() {
        return node.attributes();
    }

    /** The elements of an input of integers; null if it is left out. */
    long[] integers(int index) {
        return has(index) ? integers(input(index)) : null;
    }

    /** The elements of an array of integers. */
    static long[] integers(NDArray array) {
        return array.size() == 0 ? new long[0] : array.toType(DataType.INT64, false).toLongArray();
    }

    /** The axis attribute, counted from the first axis of the input. */
    int axis(long defaultAxis) {
        return axis(attributes().integer("axis", defaultAxis), rank(0));
    }

    static int axis(long axis, int rank) {
        return Math.toIntExact(axis < 0 ? axis + rank : axis);
    }

    /** To throw where the operator is used in a way that is not known here. */
    FedFmException unsupported(String how) {
        return new FedFmException(
                ErrorCode.OPERATOR_UNSUPPORTED,
                "operator "
                        + node.op()
                        + " (node '"
                        + node.name()
                        + "') "
                        + how
                        + ", which the interpreter of the check does not know; export the model"
                        + " without it");
    }

    int rank(int index) {
        return input(index).getShape().dimension();
    }

    /** The axes in an input, counted from the first; all if it is left out. */
    int[] axes(int index) {
        long[] given = integers(index);
        LongStream axes =
                given == null || given.length == 0
                        ? LongStream.range(0, rank(0))
                        : LongStream.of(given).map(a -> axis(a, rank(0)));
        return axes.mapToInt(Math::toIntExact).toArray();
    }
}
