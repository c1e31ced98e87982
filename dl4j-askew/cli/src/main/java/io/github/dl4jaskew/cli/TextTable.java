package io.github.dl4jaskew.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table of text whose columns are as wide as their widest cell. Not thread safe. */
public final class TextTable {

    private final List<List<String>> rows = new ArrayList<>();

    /**
     * A table without rows.
     *
     * @param header names of the columns
     */
    public TextTable(String... header) {
        rows.add(List.of(header));
    }

    /**
     * Adds a row.
     *
     * @param cells as many as there are columns
     * @return this
     */
    public TextTable row(Object... cells) {
        if (cells.length != rows.get(0).size()) {
            throw new IllegalArgumentException(
                    cells.length + " cells for " + rows.get(0).size() + " columns");
        }
        rows.add(Arrays.stream(cells).map(String::valueOf).toList());
        return this;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < row.size(); c++) {
                line.append(row.get(c)).append(" ".repeat(width(c) - row.get(c).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
