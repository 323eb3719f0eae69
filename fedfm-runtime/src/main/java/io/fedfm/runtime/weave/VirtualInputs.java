package io.fedfm.runtime.weave;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ExampleInputs;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.InputRole;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.TensorFill;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongToDoubleFunction;

/**
 * Puts virtual tokens before the tokens of each row, as the PEFT library does for prompt tuning:
 * placeholders before the ids, 1 before the mask, 0 before the types, and positions that count
 * them.
 */
final class VirtualInputs {
    private static final int UNKNOWN = 0;

    private final GraphBuilder builder;
    private final int count;

    private VirtualInputs(GraphBuilder builder, int count) {
        this.builder = builder;
        this.count = count;
    }

    /**
     * Writes the extended inputs at the start of a graph.
     *
     * @param graph of inputs and constants alone
     * @param placeholder the id that stands for a virtual token
     * @param count how many; nothing is written for 0
     * @return the name of each extended input to the value that takes its place
     */
    static Map<String, String> extend(Graph graph, long placeholder, int count) {
        Map<String, String> extended = new HashMap<>();
        if (count == 0) {
            return extended;
        }
        Map<String, InputRole> roles = InputRole.of(graph);
        checkTokens(graph, roles);
        VirtualInputs inputs = new VirtualInputs(new GraphBuilder(graph, "virtual"), count);
        roles.forEach(
                (name, role) -> {
                    ValueInfo input = graph.inputs().get(name);
                    switch (role) {
                        case TOKENS -> extended.put(name, inputs.before(input, i -> placeholder));
                        case MASK -> extended.put(name, inputs.before(input, i -> 1));
                        case TYPES -> extended.put(name, inputs.before(input, i -> 0));
                        case POSITIONS -> extended.put(name, inputs.positions(input));
                        case PIXELS, OTHER -> {}
                    }
                });
        return extended;
    }

    private static void checkTokens(Graph graph, Map<String, InputRole> roles) {
        if (!roles.containsValue(InputRole.TOKENS)) {
            throw new FedFmException(
                    ErrorCode.TARGETS_UNMATCHED,
                    "virtual tokens stand before token ids, and this backbone takes none");
        }
        int length = ExampleInputs.length(graph, UNKNOWN);
        if (length != UNKNOWN) {
            throw new FedFmException(
                    ErrorCode.TARGETS_UNMATCHED,
                    "the backbone takes rows of exactly "
                            + length
                            + " tokens, which leaves no room for virtual ones; export it with a dynamic length");
        }
    }

    private String before(ValueInfo input, LongToDoubleFunction value) {
        return join(row(input, value), input.name());
    }

    private String positions(ValueInfo input) {
        String shift =
                builder.initializer(
                        "count", TensorFill.fill(input.type(), new long[0], i -> count));
        return join(row(input, i -> i), builder.op("Add", input.name(), shift));
    }

    /** The same values in each row of an input. */
    private String row(ValueInfo input, LongToDoubleFunction value) {
        Tensor row = TensorFill.fill(input.type(), new long[] {1, count}, value);
        String rows = builder.slice(builder.op("Shape", input.name()), 0, 0, 1);
        String shape =
                builder.op("Concat", Attributes.of("axis", 0), rows, builder.integers(count));
        return builder.op("Expand", builder.initializer("row", row), shape);
    }

    private String join(String virtual, String real) {
        return builder.op("Concat", Attributes.of("axis", 1), virtual, real);
    }
}
