package io.sluice.protocol.generator;

/** Java source text with indentation by braces. */
final class SourceBuilder {
    private final StringBuilder text = new StringBuilder(16 * 1024);
    private int depth;

    /** Appends a line; one that begins with a closing brace steps out first, one that ends with an opening brace steps in. */
    SourceBuilder line(String line) {
        if (line.startsWith("}")) {
            depth--;
        }
        if (!line.isEmpty()) {
            text.append("    ".repeat(depth)).append(line);
        }
        text.append('\n');
        if (line.endsWith("{")) {
            depth++;
        }
        return this;
    }

    SourceBuilder line(String format, Object... arguments) {
        return line(String.format(format, arguments));
    }

    SourceBuilder blank() {
        return line("");
    }

    /** A one-line Javadoc comment, or nothing when there is nothing to say. */
    SourceBuilder doc(String sentence) {
        if (!sentence.isBlank()) {
            String safe = sentence.replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;")
                    .replace("@", "&#64;")
                    .replace("\\", "&#92;")
                    .replace("*/", "*&#47;")
                    .replaceAll("\\s+", " ");
            text.append("    ".repeat(depth)).append("/** ").append(safe).append(" */\n");
        }
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
