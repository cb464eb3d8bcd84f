package io.sluice.admin.commands;

import io.sluice.admin.api.CommandException;
import io.sluice.base.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Turns error codes of answers into the command's sentence. */
final class Answers {
    private Answers() {}

    /** @throws CommandException unless the code is 0 */
    static void require(short code, @Nullable String message, String what) throws CommandException {
        if (code != ErrorCode.NONE.code()) {
            throw new CommandException(1, sentence(code, message, what));
        }
    }

    static void require(short code, String what) throws CommandException {
        require(code, null, what);
    }

    static String sentence(short code, @Nullable String message, String what) {
        ErrorCode error = ErrorCode.of(code);
        return what + ": "
                + (message == null || message.isBlank() ? error.name() : message + " (" + error.name() + ")");
    }

    /** The whole number that an option or argument is. */
    static long number(String text, String what) throws CommandException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new CommandException(2, what + " is a whole number, not " + text);
        }
    }

    static int smallNumber(String text, String what) throws CommandException {
        long number = number(text, what);
        if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
            throw new CommandException(2, what + " is too large: " + text);
        }
        return (int) number;
    }

    /** The two sides of {@code KEY=VALUE}. */
    static String[] pair(String text, String what) throws CommandException {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new CommandException(2, what + " is KEY=VALUE, not " + text);
        }
        return new String[] {text.substring(0, equals), text.substring(equals + 1)};
    }
}
