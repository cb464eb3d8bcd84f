package io.sluice.protocol;

/**
 * Bytes that are not the message that they claim to be. Thrown for input from outside, so it carries no stack trace: the text names
 * the field.
 */
public final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message, null, false, false);
    }
}
