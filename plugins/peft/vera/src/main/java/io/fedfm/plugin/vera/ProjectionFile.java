package io.fedfm.plugin.vera;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The float32 matrices of a safetensors file, by the last part of their name. */
final class ProjectionFile {
    private final String file;
    private final Map<String, Matrix> matrices;

    private ProjectionFile(String file, Map<String, Matrix> matrices) {
        this.file = file;
        this.matrices = matrices;
    }

    /**
     * A matrix.
     *
     * @param shape its two dimensions
     * @param values row by row
     */
    record Matrix(long[] shape, float[] values) {}

    static ProjectionFile read(String file) {
        Map<String, Matrix> matrices = new HashMap<>();
        try (NDManager manager = NDManager.newBaseManager();
                InputStream in = Files.newInputStream(Path.of(file))) {
            for (NDArray array : NDList.decode(manager, in)) {
                long[] shape = array.getShape().getShape();
                if (shape.length == 2 && array.getDataType() == DataType.FLOAT32) {
                    String name = array.getName();
                    String last = name.substring(name.lastIndexOf('.') + 1);
                    matrices.put(last, new Matrix(shape, array.toFloatArray()));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE,
                    "peft.projections: '" + file + "' cannot be read as safetensors: " + e);
        }
        return new ProjectionFile(file, matrices);
    }

    /**
     * A matrix for a rank.
     *
     * @param name its last name
     * @param axis of the rank
     * @param rank its exact size
     * @param width the least size of the other axis
     */
    Matrix get(String name, int axis, long rank, long width) {
        Matrix matrix = matrices.get(name);
        if (matrix != null && matrix.shape()[axis] == rank && matrix.shape()[1 - axis] >= width) {
            return matrix;
        }
        throw new FedFmException(
                ErrorCode.SETTINGS_INVALID,
                "peft.projections: '"
                        + file
                        + "' must have a float32 matrix '"
                        + name
                        + "' of the rank peft.r = "
                        + rank
                        + " for layers of width "
                        + width
                        + (matrix == null ? "" : "; it is " + Arrays.toString(matrix.shape())));
    }
}
