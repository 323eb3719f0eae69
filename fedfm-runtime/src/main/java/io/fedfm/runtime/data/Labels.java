package io.fedfm.runtime.data;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Nearest;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The names of the classes; a class's index is its place among them.
 *
 * <p>Names are in alphabetical order, or in the order of numbers if all of them are whole numbers.
 */
public final class Labels {
    private final List<String> names;
    private final Map<String, Integer> indices = new HashMap<>();

    private Labels(List<String> names) {
        this.names = List.copyOf(names);
        for (int i = 0; i < names.size(); i++) {
            indices.put(names.get(i), i);
        }
    }

    /** The distinct labels of some rows. */
    public static Labels of(Collection<String> found) {
        List<String> distinct = found.stream().distinct().toList();
        Comparator<String> order =
                distinct.stream().allMatch(name -> name.matches("-?\\d{1,18}"))
                        ? Comparator.comparingLong(Long::parseLong)
                        : Comparator.naturalOrder();
        return new Labels(
                distinct.stream().sorted(order.thenComparing(Comparator.naturalOrder())).toList());
    }

    /** Classes that are called by their index. */
    public static Labels numbered(int count) {
        return new Labels(IntStream.range(0, count).mapToObj(String::valueOf).toList());
    }

    /** The names, by index; none for language modelling. */
    public List<String> names() {
        return names;
    }

    /** How many there are. */
    public int size() {
        return names.size();
    }

    /**
     * The index of a name.
     *
     * @throws FedFmException DATA_INVALID if no row that is trained on has it; {@code where} names
     *     the row
     */
    int index(String name, String where) {
        Integer index = indices.get(name);
        if (index == null) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    where
                            + ": the label '"
                            + name
                            + "' is on no row that is trained on"
                            + Nearest.to(name, names)
                                    .map(n -> "; did you mean '" + n + "'?")
                                    .orElse(""));
        }
        return index;
    }

    /**
     * Refuses labels that do not fit {@code model.num_labels}; 0 there means as many as found.
     *
     * @param source where the labels were found
     */
    void check(int expected, Object source) {
        if (expected != 0 && expected != size()) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    "model.num_labels is "
                            + expected
                            + ", but "
                            + source
                            + " has "
                            + size()
                            + " labels: "
                            + shortened()
                            + "; set model.num_labels to "
                            + size()
                            + " or correct the data");
        }
        if (size() < 2) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    source + " has the one label " + shortened() + "; there is nothing to learn");
        }
    }

    private String shortened() {
        int shown = Math.min(8, size());
        return String.join(", ", names.subList(0, shown)) + (shown < size() ? ", ..." : "");
    }
}
