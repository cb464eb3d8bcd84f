package io.sluice.admin.shell;

import java.io.PrintStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints rows in columns as wide as their widest cell; numbers to the right, the last column without padding. */
final class TextTable {
    private static final String GAP = "  ";

    private TextTable() {}

    static void print(PrintStream out, List<String> columns, List<? extends Map<String, ?>> rows) {
        int[] widths = new int[columns.size()];
        boolean[] numeric = new boolean[columns.size()];
        for (int c = 0; c < widths.length; c++) {
            String column = columns.get(c);
            widths[c] = column.length();
            numeric[c] = !rows.isEmpty();
            for (Map<String, ?> row : rows) {
                Object value = row.get(column);
                widths[c] = Math.max(widths[c], width(cell(value)));
                numeric[c] &= value == null || value instanceof Number;
            }
        }
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            pad(line, columns.get(c).toUpperCase(java.util.Locale.ROOT), widths[c], numeric[c], c == widths.length - 1);
        }
        out.println(line);
        for (Map<String, ?> row : rows) {
            line.setLength(0);
            for (int c = 0; c < widths.length; c++) {
                pad(line, cell(row.get(columns.get(c))), widths[c], numeric[c], c == widths.length - 1);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    static void printObject(PrintStream out, Map<String, ?> values) {
        int width = values.keySet().stream().mapToInt(String::length).max().orElse(0);
        values.forEach((key, value) ->
                out.println((key + " ".repeat(width - key.length()) + GAP + cell(value)).stripTrailing()));
    }

    private static void pad(StringBuilder line, String cell, int width, boolean right, boolean last) {
        String padding = " ".repeat(width - width(cell));
        if (right) {
            line.append(padding).append(cell);
        } else {
            line.append(cell).append(last ? "" : padding);
        }
        line.append(last ? "" : GAP);
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    /** One line of text: a broken one would tear the table. */
    static String cell(@Nullable Object value) {
        if (value == null) {
            return "-";
        }
        if (value instanceof Collection<?> collection) {
            return collection.stream().map(TextTable::cell).collect(Collectors.joining(","));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + cell(entry.getValue()))
                    .collect(Collectors.joining(","));
        }
        return value.toString().replace("\r", "\\r").replace("\n", "\\n");
    }
}
