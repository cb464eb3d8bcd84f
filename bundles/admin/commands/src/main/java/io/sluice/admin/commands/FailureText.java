package io.sluice.admin.commands;

/** The one line of a stack trace that says what went wrong: the innermost cause. */
final class FailureText {
    private static final String CAUSE = "Caused by: ";

    private FailureText() {}

    /** @param trace a stack trace as text, or null */
    static String of(@org.jspecify.annotations.Nullable Object trace) {
        String[] lines = String.valueOf(trace).split("\\R");
        String reason = lines[0];
        for (String line : lines) {
            if (line.startsWith(CAUSE)) {
                reason = line.substring(CAUSE.length());
            }
        }
        return reason;
    }
}
