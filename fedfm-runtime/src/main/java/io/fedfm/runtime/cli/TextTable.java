package io.fedfm.runtime.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lines of columns as wide as their widest cell; numbers stand to the right. */
final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these titles. */
    TextTable(String... titles) {
        rows.add(List.of(titles));
    }

    /** Adds a line; as many cells as there are titles. */
    void row(Object... cells) {
        if (cells.length != rows.get(0).size()) {
            throw new IllegalArgumentException(
                    "expected " + rows.get(0).size() + " cells, found " + cells.length);
        }
        rows.add(IntStream.range(0, cells.length).mapToObj(i -> String.valueOf(cells[i])).toList());
    }

    /** The lines, with a line break after each. */
    String render() {
        int columns = rows.get(0).size();
        int[] widths =
                IntStream.range(0, columns)
                        .map(i -> rows.stream().mapToInt(r -> r.get(i).length()).max().orElse(0))
                        .toArray();
        boolean[] numeric = new boolean[columns];
        for (int i = 0; i < columns; i++) {
            int column = i;
            numeric[i] =
                    rows.size() > 1
                            && rows.stream()
                                    .skip(1)
                                    .allMatch(r -> r.get(column).matches("-?[\\d.,]+( s)?|-"));
        }
        return rows.stream()
                .map(row -> line(row, widths, numeric))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String line(List<String> row, int[] widths, boolean[] numeric) {
        return IntStream.range(0, row.size())
                .mapToObj(i -> pad(row.get(i), widths[i], numeric[i]))
                .collect(Collectors.joining("  "))
                .stripTrailing();
    }

    private static String pad(String cell, int width, boolean right) {
        String space = " ".repeat(width - cell.length());
        return right ? space + cell : cell + space;
    }
}
