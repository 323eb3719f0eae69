package io.fedfm.dist;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.fedfm.runtime.graph.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The arrays of an {@code .npz} file, by name. */
final class Npz {
    private final Map<String, Tensor> arrays;

    private Npz(Map<String, Tensor> arrays) {
        this.arrays = arrays;
    }

    static Npz read(Path file) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                InputStream in = Files.newInputStream(file)) {
            for (NDArray array : NDList.decode(manager, in)) {
                arrays.put(array.getName(), tensor(array));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Npz(arrays);
    }

    boolean has(String name) {
        return arrays.containsKey(name);
    }

    Map<String, Tensor> arrays() {
        return arrays;
    }

    Tensor get(String name) {
        if (!has(name)) {
            throw new IllegalArgumentException("no '" + name + "' among " + arrays.keySet());
        }
        return arrays.get(name);
    }

    float[] floats(String name) {
        return get(name).toFloats();
    }

    private static Tensor tensor(NDArray array) {
        long[] shape = array.getShape().getShape();
        return array.getDataType() == DataType.INT64
                ? Tensor.longs(array.toLongArray(), shape)
                : Tensor.floats(array.toFloatArray(), shape);
    }
}
