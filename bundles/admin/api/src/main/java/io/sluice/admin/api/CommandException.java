package io.sluice.admin.api;

/** A command could not do what it was asked for; the message is one sentence for the user, with the fix where there is one. */
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public CommandException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
