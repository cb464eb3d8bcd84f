package io.sluice.coordinator.runtime;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What a state machine can do while it handles one event. Valid during that call only. */
@ProviderType
public interface Turn<R> {
    /** The wall clock when the turn began, in milliseconds since the epoch. */
    long nowMs();

    /**
     * Writes records that belong together: all of them are in one batch or none is. They are replayed before this returns and will be appended
     * after the turn.
     *
     * @return false when they are larger than a batch of the topic may be; nothing has happened then
     */
    boolean write(List<R> records);

    /** Answers once everything that was written up to the end of this turn is committed. */
    <T> void answer(Reply<T> reply, T outcome);
}
