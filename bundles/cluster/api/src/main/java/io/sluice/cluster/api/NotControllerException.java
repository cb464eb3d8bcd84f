package io.sluice.cluster.api;

/** No controller is active at this moment, or this one stopped being it: surely not applied, to be retried. */
public final class NotControllerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotControllerException(String message) {
        super(message);
    }
}
