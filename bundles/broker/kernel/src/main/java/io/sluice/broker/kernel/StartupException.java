package io.sluice.broker.kernel;

/** The broker cannot start; the message is one sentence for the user, with the fix where there is one. */
final class StartupException extends Exception {
    private static final long serialVersionUID = 1L;

    StartupException(String message) {
        super(message);
    }
}
