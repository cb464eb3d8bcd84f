package io.sluice.admin.shell;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what commands print as JSON on one line: maps, collections, numbers, booleans, null; anything else as its text. */
final class JsonWriter {
    private JsonWriter() {}

    static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, @Nullable Object value) {
        if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Number number) {
            appendNumber(out, number);
        } else if (value instanceof Map<?, ?> map) {
            appendMap(out, map);
        } else if (value instanceof Collection<?> collection) {
            out.append('[');
            String comma = "";
            for (Object element : collection) {
                out.append(comma);
                append(out, element);
                comma = ",";
            }
            out.append(']');
        } else {
            appendText(out, value.toString());
        }
    }

    private static void appendNumber(StringBuilder out, Number number) {
        double value = number.doubleValue();
        out.append(Double.isNaN(value) || Double.isInfinite(value) ? "null" : number.toString());
    }

    private static void appendMap(StringBuilder out, Map<?, ?> map) {
        out.append('{');
        String comma = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(comma);
            appendText(out, String.valueOf(entry.getKey()));
            out.append(':');
            append(out, entry.getValue());
            comma = ",";
        }
        out.append('}');
    }

    private static void appendText(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || Character.isSurrogate(c) && !isPaired(text, i)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean isPaired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
