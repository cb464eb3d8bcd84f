package io.sluice.broker.api;

/** A migration cannot be what was asked for; nothing was changed. The message is one sentence for people. */
public final class MigrationException extends Exception {
    private static final long serialVersionUID = 1L;

    public MigrationException(String message) {
        super(message);
    }
}
