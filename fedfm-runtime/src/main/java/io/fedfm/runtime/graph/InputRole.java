package io.fedfm.runtime.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an input of a backbone means. */
public enum InputRole {
    /** Token ids [batch, length]. */
    TOKENS,
    /** 1 where a token counts, 0 where it is padding: [batch, length]. */
    MASK,
    /** Segment numbers [batch, length]. */
    TYPES,
    /** Positions [batch, length]. */
    POSITIONS,
    /** Images [batch, channels, height, width]. */
    PIXELS,
    /** Anything else. */
    OTHER;

    private static final Map<String, InputRole> NAMES =
            Map.ofEntries(
                    Map.entry("input_ids", TOKENS),
                    Map.entry("inputids", TOKENS),
                    Map.entry("tokens", TOKENS),
                    Map.entry("token_ids", TOKENS),
                    Map.entry("attention_mask", MASK),
                    Map.entry("attentionmask", MASK),
                    Map.entry("input_mask", MASK),
                    Map.entry("mask", MASK),
                    Map.entry("token_type_ids", TYPES),
                    Map.entry("segment_ids", TYPES),
                    Map.entry("position_ids", POSITIONS));

    /**
     * The role of each input of a graph, by name, type and rank; where no name tells the tokens,
     * they are the only input of integers [batch, length] without another role.
     */
    public static Map<String, InputRole> of(Graph graph) {
        Map<String, InputRole> roles = new LinkedHashMap<>();
        graph.inputs().values().forEach(input -> roles.put(input.name(), byName(input)));
        if (!roles.containsValue(TOKENS)) {
            List<String> candidates =
                    graph.inputs().values().stream()
                            .filter(input -> roles.get(input.name()) == OTHER && isIds(input))
                            .map(ValueInfo::name)
                            .toList();
            if (candidates.size() == 1) {
                roles.put(candidates.get(0), TOKENS);
            }
        }
        return roles;
    }

    private static InputRole byName(ValueInfo input) {
        int rank = input.dimensions().size();
        if (input.type() == ElementType.FLOAT && rank == 4) {
            return PIXELS;
        }
        InputRole role = NAMES.getOrDefault(input.name().toLowerCase(Locale.ROOT), OTHER);
        boolean fits = rank == 2 && (role == MASK || isIds(input));
        return fits ? role : OTHER;
    }

    private static boolean isIds(ValueInfo input) {
        return input.dimensions().size() == 2
                && (input.type() == ElementType.INT64 || input.type() == ElementType.INT32);
    }
}
