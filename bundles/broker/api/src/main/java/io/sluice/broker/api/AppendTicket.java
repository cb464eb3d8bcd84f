package io.sluice.broker.api;

import io.sluice.base.ErrorCode;
import io.sluice.request.api.Wakeup;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of one append over several partitions. Safe for use from any thread.
 *
 * <p>The kernel completes each entry once; when the last one is complete the wake-up is fired.
 */
public final class AppendTicket {
    private final List<AppendEntry> entries;
    private final @Nullable AppendOutcome[] outcomes;
    private int open;
    private int unwritten;
    private @Nullable Wakeup wakeup;

    public AppendTicket(List<AppendEntry> entries) {
        this.entries = entries;
        this.outcomes = new AppendOutcome[entries.size()];
        this.open = entries.size();
        this.unwritten = entries.size();
    }

    /** One more entry of a coordinator's is in the log, and waits to be committed. */
    public synchronized void written() {
        unwritten--;
    }

    /** True when every entry of a coordinator's ticket is known to be in the log, though perhaps not committed. */
    public synchronized boolean isWritten() {
        return unwritten == 0;
    }

    /** Sets the outcome of one entry; a second one for the same entry is dropped. */
    public void complete(int index, AppendOutcome outcome) {
        Wakeup fired = null;
        synchronized (this) {
            if (outcomes[index] != null) {
                return;
            }
            outcomes[index] = outcome;
            open--;
            if (open == 0) {
                fired = wakeup;
                wakeup = null;
            }
        }
        if (fired != null) {
            fired.fire();
        }
    }

    public synchronized boolean isComplete() {
        return open == 0;
    }

    /** Fires the wake-up when all is complete; at once when it is already. */
    public void whenComplete(Wakeup wake) {
        synchronized (this) {
            if (open > 0) {
                wakeup = wake;
                return;
            }
        }
        wake.fire();
    }

    public int size() {
        return outcomes.length;
    }

    public AppendEntry entry(int index) {
        return entries.get(index);
    }

    /** The outcome of an entry; {@code REQUEST_TIMED_OUT} for one that is not complete. */
    public synchronized AppendOutcome outcome(int index) {
        AppendOutcome outcome = outcomes[index];
        return outcome == null
                ? AppendOutcome.refused(
                        ErrorCode.REQUEST_TIMED_OUT, "not committed in the time that the request allowed")
                : outcome;
    }

    @Override
    public synchronized String toString() {
        return "AppendTicket" + Arrays.toString(outcomes);
    }
}
