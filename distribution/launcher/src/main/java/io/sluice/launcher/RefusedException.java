package io.sluice.launcher;

/** What was asked for cannot be done; the message is one sentence for the user, with the fix where there is one. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    RefusedException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
