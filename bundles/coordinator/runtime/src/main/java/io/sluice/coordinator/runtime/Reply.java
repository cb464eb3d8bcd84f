package io.sluice.coordinator.runtime;

import io.sluice.base.ErrorCode;

/**
 * Who waits for the outcome of one request. Exactly one of the methods is called, once, on a thread of the scheduler or, for what is refused
 * at the door, on the caller's; neither may block.
 */
public interface Reply<T> {
    /** The request was decided, and all that the decision rests on is committed. */
    void answer(T outcome);

    /** The request was not decided, or it is not known whether its records are committed; the client finds the coordinator and tries again. */
    void refuse(ErrorCode error);
}
