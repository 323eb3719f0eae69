package io.fedfm.runtime.weave;

import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.QuantisedWeights;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The values at a place; those that take nodes to make are made when a module asks for them. */
final class SiteNodes implements Function<String, String> {
    private final GraphBuilder builder;
    private final Place place;
    private final String input;
    private final String output;
    private final AttentionHeads heads;
    private final Map<String, String> made = new HashMap<>();

    SiteNodes(GraphBuilder builder, Place place, String input, String output) {
        this(builder, place, input, output, null);
    }

    /** With an attention's tensors; {@code heads} is null at other sites. */
    SiteNodes(
            GraphBuilder builder, Place place, String input, String output, AttentionHeads heads) {
        this.builder = builder;
        this.place = place;
        this.input = input;
        this.output = output;
        this.heads = heads;
    }

    @Override
    public String apply(String name) {
        String value = made.get(name);
        if (value == null) {
            value = make(name);
            made.put(name, value);
        }
        return value;
    }

    private String make(String name) {
        return switch (name) {
            case SiteValues.INPUT -> input;
            case SiteValues.OUTPUT -> output;
            case SiteValues.WEIGHT ->
                    place.linear() == null ? table(place.table()) : weight(place.linear());
            case SiteValues.BIAS ->
                    place.linear() == null || place.linear().bias().isEmpty()
                            ? null
                            : columns(place.linear().bias(), place.linear());
            case SiteValues.TASK ->
                    builder.graph().inputs().containsKey(TaskInput.NAME) ? TaskInput.ONE_HOT : null;
            case SiteValues.QUERY -> heads == null ? null : heads.query();
            case SiteValues.LOG_SUM_EXP -> heads == null ? null : heads.logSumExp();
            default -> null;
        };
    }

    private String table(String table) {
        return table == null
                ? null
                : QuantisedWeights.table(builder.graph(), table)
                        .map(in -> builder.op("DequantizeLinear", in.toArray(String[]::new)))
                        .orElse(table);
    }

    private String weight(Anatomy.Linear linear) {
        String weight =
                linear.transposed() ? builder.transpose(linear.weight(), 1, 0) : linear.weight();
        return columns(weight, linear);
    }

    private String columns(String value, Anatomy.Linear linear) {
        return linear.to() - linear.from() == Columns.of(builder.graph(), linear)
                ? value
                : builder.slice(value, -1, linear.from(), linear.to());
    }
}
