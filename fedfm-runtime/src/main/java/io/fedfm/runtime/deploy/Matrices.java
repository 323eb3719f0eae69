package io.fedfm.runtime.deploy;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Matrices of floats. */
final class Matrices {
    private Matrices() {}

    /** [m, n] as [n, m]. */
    static Tensor transpose(Tensor matrix) {
        int rows = Math.toIntExact(matrix.shape()[0]);
        int columns = Math.toIntExact(matrix.shape()[1]);
        FloatBuffer from = matrix.data().asFloatBuffer();
        return filled(columns, rows, (row, column) -> from.get(column * columns + row));
    }

    /** A matrix with another one in it, its first element at a place, and zeros around it. */
    static Tensor within(Tensor matrix, long rows, long columns, long atColumn) {
        FloatBuffer from = matrix.data().asFloatBuffer();
        long ownRows = matrix.shape()[0];
        long own = matrix.shape()[1];
        return filled(
                Math.toIntExact(rows),
                Math.toIntExact(columns),
                (row, column) -> {
                    long c = column - atColumn;
                    return row < ownRows && c >= 0 && c < own ? from.get((int) (row * own + c)) : 0;
                });
    }

    /** A tensor of floats without elements, or of zeros. */
    static Tensor zeros(long... shape) {
        long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return Tensor.floats(new float[Math.toIntExact(size)], shape);
    }

    private interface Element {
        float at(int row, int column);
    }

    private static Tensor filled(int rows, int columns, Element element) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(rows * Float.BYTES, columns))
                        .order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer to = bytes.asFloatBuffer();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                to.put(element.at(row, column));
            }
        }
        return new Tensor(ElementType.FLOAT, new long[] {rows, columns}, bytes);
    }
}
