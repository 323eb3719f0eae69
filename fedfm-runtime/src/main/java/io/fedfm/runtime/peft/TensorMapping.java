package io.fedfm.runtime.peft;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Where each element of each trained parameter stands in the tensors of a file, and what else the
 * file holds.
 */
public final class TensorMapping {
    private static final float SAME = 1e-6f;

    private record Entry(String parameter, String key, IntUnaryOperator position) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, long[]> shapes = new TreeMap<>();
    private final Map<String, Supplier<float[]>> constants = new TreeMap<>();
    private final Map<String, Function<ParameterVector, float[]>> computed = new TreeMap<>();
    private final List<String> sources = new ArrayList<>();

    /** A parameter that is a tensor of the file by itself, element by element. */
    void same(String parameter, String key, long... shape) {
        part(parameter, key, IntUnaryOperator.identity(), shape);
    }

    /** A matrix that the file keeps as its transpose [rows, columns]. */
    void transposed(String parameter, String key, long rows, long columns) {
        part(parameter, key, i -> Math.toIntExact(i % rows * columns + i / rows), rows, columns);
    }

    /**
     * A parameter that is a part of a tensor of the file.
     *
     * @param position index of an element of the parameter to that in the tensor
     * @param shape of the tensor, the same for all of its parts; zero where it has none
     */
    void part(String parameter, String key, IntUnaryOperator position, long... shape) {
        shapes.put(key, shape.clone());
        entries.add(new Entry(parameter, key, position));
    }

    /** A tensor of the file that is not trained. */
    void constant(String key, Supplier<float[]> values, long... shape) {
        shapes.put(key, shape.clone());
        constants.put(key, values);
    }

    /**
     * A tensor of the file that is made from parameters, and from which they cannot be told.
     *
     * @param sources names of the parameters that it is made from
     */
    void computed(
            String key,
            List<String> sources,
            Function<ParameterVector, float[]> values,
            long... shape) {
        shapes.put(key, shape.clone());
        computed.put(key, values);
        this.sources.addAll(sources);
    }

    /** Parameters that reading does not overwrite but takes as they are. */
    public List<String> sources() {
        return List.copyOf(sources);
    }

    /** The names of the file's tensors, sorted. */
    public List<String> keys() {
        return List.copyOf(shapes.keySet());
    }

    /** The tensors of the file, sorted by name, for these parameters; owned by the caller. */
    public ParameterVector write(ParameterVector parameters, BufferAllocator allocator) {
        ParameterVector file = ParameterVector.zeros(allocator, ParameterLayout.of(shapes));
        constants.forEach((key, values) -> file.floats(key).put(values.get()));
        computed.forEach((key, values) -> file.floats(key).put(values.apply(parameters)));
        for (Entry entry : entries) {
            FloatBuffer from = parameters.floats(entry.parameter());
            FloatBuffer to = file.floats(entry.key());
            for (int i = 0; i < from.capacity(); i++) {
                to.put(entry.position().applyAsInt(i), from.get(i));
            }
        }
        return file;
    }

    /**
     * Overwrites parameters with the tensors of a file.
     *
     * @param source what the file is called in errors
     * @throws FedFmException ADAPTER_INVALID if it lacks tensors, has others, or they have other
     *     shapes or, where they are not trained or computed here, other values
     */
    public void read(ParameterVector file, ParameterVector parameters, String source) {
        check(file, source);
        for (Entry entry : entries) {
            FloatBuffer from = file.floats(entry.key());
            FloatBuffer to = parameters.floats(entry.parameter());
            for (int i = 0; i < to.capacity(); i++) {
                to.put(i, from.get(entry.position().applyAsInt(i)));
            }
        }
        constants.forEach((key, values) -> checkConstant(file, key, values.get(), source));
        computed.forEach(
                (key, values) -> checkConstant(file, key, values.apply(parameters), source));
    }

    private void check(ParameterVector file, String source) {
        Map<String, long[]> found = new TreeMap<>();
        file.layout().entries().forEach(entry -> found.put(entry.name(), entry.dimensions()));
        List<String> missing =
                shapes.keySet().stream().filter(key -> !found.containsKey(key)).toList();
        List<String> unexpected =
                found.keySet().stream().filter(key -> !shapes.containsKey(key)).toList();
        if (!missing.isEmpty() || !unexpected.isEmpty()) {
            throw invalid(
                    source
                            + " does not fit the model: "
                            + told("lacks", missing)
                            + (missing.isEmpty() || unexpected.isEmpty() ? "" : " and ")
                            + told("has unexpected", unexpected));
        }
        shapes.forEach(
                (key, shape) -> {
                    if (!Arrays.equals(shape, found.get(key))) {
                        throw invalid(
                                source
                                        + ": '"
                                        + key
                                        + "' is "
                                        + Arrays.toString(found.get(key))
                                        + ", and must be "
                                        + Arrays.toString(shape)
                                        + " for this model");
                    }
                });
    }

    private static String told(String what, List<String> names) {
        if (names.isEmpty()) {
            return "";
        }
        String more = names.size() > 1 ? " and " + (names.size() - 1) + " more" : "";
        return what + " '" + names.get(0) + "'" + more;
    }

    private static void checkConstant(
            ParameterVector file, String key, float[] values, String source) {
        FloatBuffer found = file.floats(key);
        for (int i = 0; i < values.length; i++) {
            if (Math.abs(found.get(i) - values[i]) > SAME * Math.max(1, Math.abs(values[i]))) {
                throw invalid(
                        source
                                + ": '"
                                + key
                                + "' differs from the model's, which this adapter takes as it is");
            }
        }
    }

    private static FedFmException invalid(String what) {
        return new FedFmException(ErrorCode.ADAPTER_INVALID, what);
    }
}
