package io.fedfm.runtime.graph;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Makes inputs that a backbone can run on, for probes and checks. */
public final class ExampleInputs {
    private final Graph graph;
    private final int batch;
    private final int length;
    private final RandomGenerator random;
    private final boolean padLastRow;
    private final Map<String, Integer> symbols = new HashMap<>();

    private ExampleInputs(
            Graph graph, int batch, int length, RandomGenerator random, boolean padLastRow) {
        this.graph = graph;
        this.batch = batch(graph, batch);
        this.length = length(graph, length);
        this.random = random;
        this.padLastRow = padLastRow;
        InputRole.of(graph)
                .forEach(
                        (name, role) -> {
                            List<String> declared = graph.inputs().get(name).dimensions();
                            if (role != InputRole.OTHER) {
                                symbols.put(declared.get(0), this.batch);
                            }
                            if (role != InputRole.OTHER && role != InputRole.PIXELS) {
                                symbols.put(declared.get(1), this.length);
                            }
                        });
    }

    /**
     * A tensor for each input: random tokens of the vocabulary, a mask of ones, types of zero,
     * positions from 0, normal pixels; normal floats and integers of 0 or 1 for other inputs.
     *
     * @param batch the number of rows, unless the graph declares one
     * @param length the number of tokens, unless the graph declares one
     * @param padLastRow whether the mask of the last row leaves out about a third, at its end
     * @throws FedFmException MODEL_UNSUPPORTED if the size of an input cannot be told
     */
    public static Map<String, Tensor> make(
            Graph graph, int batch, int length, RandomGenerator random, boolean padLastRow) {
        return make(graph, batch, length, random, padLastRow, Map.of());
    }

    /** The same, with some inputs given. */
    static Map<String, Tensor> make(
            Graph graph,
            int batch,
            int length,
            RandomGenerator random,
            boolean padLastRow,
            Map<String, Tensor> given) {
        ExampleInputs examples = new ExampleInputs(graph, batch, length, random, padLastRow);
        Map<String, Tensor> made = new LinkedHashMap<>();
        InputRole.of(graph)
                .forEach(
                        (name, role) -> {
                            Tensor tensor = given.get(name);
                            made.put(name, tensor != null ? tensor : examples.make(name, role));
                        });
        return made;
    }

    /** The longest input the graph has positions for; {@code Integer.MAX_VALUE} if none is seen. */
    public static int maxLength(Graph graph) {
        return PositionLimit.of(graph);
    }

    /** The batch size the graph declares, else the one wanted. */
    public static int batch(Graph graph, int wanted) {
        return declared(graph, 0, List.of(InputRole.TOKENS, InputRole.PIXELS), wanted);
    }

    /** The length the graph declares, else the one wanted. */
    public static int length(Graph graph, int wanted) {
        return declared(graph, 1, List.of(InputRole.TOKENS), wanted);
    }

    private static int declared(Graph graph, int axis, List<InputRole> roles, int wanted) {
        for (Map.Entry<String, InputRole> role : InputRole.of(graph).entrySet()) {
            String text =
                    graph.inputs().get(role.getKey()).dimensions().stream()
                            .skip(axis)
                            .findFirst()
                            .orElse("");
            if (roles.contains(role.getValue()) && ValueInfos.isNumber(text)) {
                return Integer.parseInt(text);
            }
        }
        return wanted;
    }

    private Tensor make(String name, InputRole role) {
        ValueInfo input = graph.inputs().get(name);
        long[] shape = shape(input, role);
        ElementType type = input.type();
        return switch (role) {
            case TOKENS -> {
                OptionalLong rows = TokenTables.rows(graph, name);
                long vocabulary = rows.orElse(2);
                yield TensorFill.fill(type, shape, i -> random.nextLong(vocabulary));
            }
            case MASK -> TensorFill.fill(type, shape, i -> counts(i, shape) ? 1 : 0);
            case TYPES -> TensorFill.fill(type, shape, i -> 0);
            case POSITIONS -> TensorFill.fill(type, shape, i -> i % shape[1]);
            case PIXELS -> TensorFill.fill(type, shape, i -> random.nextGaussian());
            case OTHER ->
                    type == ElementType.FLOAT || type == ElementType.DOUBLE
                            ? TensorFill.fill(type, shape, i -> random.nextGaussian())
                            : TensorFill.fill(type, shape, i -> random.nextInt(2));
        };
    }

    private boolean counts(long index, long[] shape) {
        long row = index / shape[1];
        long padded = padLastRow && row == shape[0] - 1 ? (shape[1] + 2) / 3 : 0;
        return index % shape[1] < Math.max(1, shape[1] - padded);
    }

    private long[] shape(ValueInfo input, InputRole role) {
        if (role == InputRole.PIXELS) {
            long[] size = PixelSize.of(graph, input);
            return new long[] {dimension(input, 0), size[0], size[1], size[2]};
        }
        long[] shape = new long[input.dimensions().size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = role == InputRole.OTHER ? dimension(input, i) : known(input, i);
        }
        return shape;
    }

    /** Of an input with a role: rows, then tokens, unless it declares numbers. */
    private long known(ValueInfo input, int axis) {
        String declared = input.dimensions().get(axis);
        return ValueInfos.isNumber(declared)
                ? Long.parseLong(declared)
                : axis == 0 ? batch : length;
    }

    private long dimension(ValueInfo input, int axis) {
        String declared = input.dimensions().get(axis);
        if (ValueInfos.isNumber(declared)) {
            return Long.parseLong(declared);
        }
        if (!declared.isEmpty() && symbols.containsKey(declared)) {
            return symbols.get(declared);
        }
        if (axis == 0) {
            return batch;
        }
        throw new FedFmException(
                ErrorCode.MODEL_UNSUPPORTED,
                "input '"
                        + input.name()
                        + "' has a size fedfm cannot tell in dimension "
                        + axis
                        + " ('"
                        + declared
                        + "'); "
                        + (input.name().contains("past")
                                ? "export without a key-value cache (use_cache=False)"
                                : "export the model without this input or with a number there"));
    }
}
