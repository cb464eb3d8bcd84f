package io.sluice.cluster.api.image;

/** A metadata record that cannot be applied: of a kind that this version does not know, or about something that is not there. */
public final class UnusableRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnusableRecordException(String message) {
        super(message);
    }
}
