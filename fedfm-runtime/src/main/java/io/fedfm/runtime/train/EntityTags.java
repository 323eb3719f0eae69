package io.fedfm.runtime.train;

import io.fedfm.runtime.data.Row;
import io.fedfm.runtime.data.TokenRow;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Entities in tags of the scheme IOB2: {@code B-type} begins one, {@code I-type} goes on with one
 * of the same type, and anything else ends it. An {@code I-type} that goes on with nothing is no
 * entity: the strict mode of the seqeval library (Nakayama 2018).
 */
public final class EntityTags {
    private static final String OUTSIDE = "O";
    private static final String BEGINS = "B-";
    private static final String CONTINUES = "I-";

    /**
     * Words of one entity.
     *
     * @param from the first
     * @param to the word after the last
     * @param type as written behind the hyphen
     */
    private record Entity(int from, int to, String type) {}

    private final List<String> names;

    private EntityTags(List<String> names) {
        this.names = names;
    }

    /** The tags with these names, by class; empty if they are no tags of entities. */
    public static Optional<EntityTags> of(List<String> names) {
        boolean entities =
                names.stream().anyMatch(name -> name.startsWith(BEGINS))
                        && names.stream()
                                .allMatch(
                                        name ->
                                                name.equals(OUTSIDE)
                                                        || name.startsWith(BEGINS)
                                                        || name.startsWith(CONTINUES));
        return entities ? Optional.of(new EntityTags(List.copyOf(names))) : Optional.empty();
    }

    /**
     * Counts the entities of some rows.
     *
     * @param rows with a target at the first token of each word
     * @param predicted the class at each token of the rows, padded to a common length
     */
    EntityCounts count(List<Row> rows, List<Long> predicted) {
        int length = predicted.size() / rows.size();
        EntityCounts counts = EntityCounts.NONE;
        for (int r = 0; r < rows.size(); r++) {
            int[] targets = ((TokenRow) rows.get(r)).targets();
            int start = r * length;
            int[] words =
                    IntStream.range(0, targets.length)
                            .filter(t -> targets[t] != TokenRow.IGNORED)
                            .toArray();
            List<String> labels = IntStream.of(words).mapToObj(t -> names.get(targets[t])).toList();
            List<String> guesses =
                    IntStream.of(words)
                            .mapToObj(t -> names.get(predicted.get(start + t).intValue()))
                            .toList();
            counts = counts.plus(compare(labels, guesses));
        }
        return counts;
    }

    /** The entities of one sentence, as labelled and as predicted. */
    static EntityCounts compare(List<String> labels, List<String> predicted) {
        Set<Entity> right = entities(labels);
        Set<Entity> found = entities(predicted);
        Set<Entity> both = new HashSet<>(right);
        both.retainAll(found);
        return new EntityCounts(found.size(), right.size(), both.size());
    }

    private static Set<Entity> entities(List<String> tags) {
        Set<Entity> entities = new HashSet<>();
        for (int from = 0; from < tags.size(); from++) {
            if (tags.get(from).startsWith(BEGINS)) {
                String type = tags.get(from).substring(BEGINS.length());
                int to = from + 1;
                while (to < tags.size() && tags.get(to).equals(CONTINUES + type)) {
                    to++;
                }
                entities.add(new Entity(from, to, type));
            }
        }
        return entities;
    }
}
