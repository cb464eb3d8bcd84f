package io.sluice.admin.ssh;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command line into words as a POSIX shell does: blanks separate, {@code '...'} is literal, in {@code "..."} a backslash takes the meaning from {@code " \ $ `}, elsewhere from any
 * character. Nothing is expanded.
 */
final class CommandWords {
    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private CommandWords(String line) {
        this.line = line;
    }

    /** @throws IllegalArgumentException with a sentence, when a quote is not closed */
    static List<String> of(String line) {
        return new CommandWords(line).split();
    }

    private List<String> split() {
        while (at < line.length()) {
            char next = line.charAt(at++);
            if (Character.isWhitespace(next)) {
                endWord();
            } else {
                inWord = true;
                take(next);
            }
        }
        endWord();
        return List.copyOf(words);
    }

    private void take(char next) {
        switch (next) {
            case '\'' -> literal();
            case '"' -> quoted();
            case '\\' -> word.append(at < line.length() ? line.charAt(at++) : '\\');
            default -> word.append(next);
        }
    }

    private void literal() {
        int end = line.indexOf('\'', at);
        if (end < 0) {
            throw notClosed('\'');
        }
        word.append(line, at, end);
        at = end + 1;
    }

    private void quoted() {
        while (at < line.length()) {
            char next = line.charAt(at++);
            if (next == '"') {
                return;
            }
            boolean escapes = next == '\\' && at < line.length() && "\"\\$`".indexOf(line.charAt(at)) >= 0;
            word.append(escapes ? line.charAt(at++) : next);
        }
        throw notClosed('"');
    }

    private static IllegalArgumentException notClosed(char quote) {
        return new IllegalArgumentException("the quote " + quote + " is not closed");
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }
}
