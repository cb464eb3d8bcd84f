package io.sluice.storage.api;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The aborted transactions of a log as its readers ask for them. The store keeps them; for a store that keeps none, or cannot read what
 * it kept, they are found once by their markers and kept here. The writer adds; any thread asks.
 */
final class AbortedTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(AbortedTransactions.class);

    private final LogStore store;
    /** What the store could not take: it is offered again. */
    private final List<AbortedTransaction> owed = new ArrayList<>();

    private @Nullable List<AbortedTransaction> found;

    AbortedTransactions(LogStore store) {
        this.store = store;
    }

    /** The marker has been appended, or is read again at recovery. */
    synchronized void add(AbortedTransaction aborted) {
        List<AbortedTransaction> known = found;
        if (known != null && (known.isEmpty() || known.get(known.size() - 1).lastOffset() < aborted.lastOffset())) {
            known.add(aborted);
        }
        owed.add(aborted);
        areKept();
    }

    /** Whether the store has them all, which must be so before a snapshot from after their markers is kept. */
    synchronized boolean areKept() {
        try {
            while (!owed.isEmpty()) {
                store.appendAborted(owed.get(0));
                owed.remove(0);
            }
            return true;
        } catch (IOException e) {
            LOG.warn(
                    "the end of a transaction at {} is not indexed yet",
                    owed.get(0).lastOffset(),
                    e);
            return false;
        }
    }

    /** Those that overlap a range of offsets, whose end is exclusive, in the order of their markers. */
    synchronized List<AbortedTransaction> overlapping(long fromOffset, long toOffset) throws IOException {
        List<AbortedTransaction> known = found;
        if (known == null) {
            List<AbortedTransaction> kept = store.abortedTransactions(fromOffset, toOffset);
            if (kept != null) {
                return owed.isEmpty() ? kept : withOwed(kept, fromOffset, toOffset);
            }
            known = find();
            found = known;
            restore(known);
        }
        List<AbortedTransaction> overlapping = new ArrayList<>();
        for (AbortedTransaction one : known) {
            if (one.overlaps(fromOffset, toOffset)) {
                overlapping.add(one);
            }
        }
        return overlapping;
    }

    private List<AbortedTransaction> withOwed(List<AbortedTransaction> kept, long fromOffset, long toOffset) {
        List<AbortedTransaction> all = new ArrayList<>(kept);
        for (AbortedTransaction one : owed) {
            if (one.overlaps(fromOffset, toOffset)) {
                all.add(one);
            }
        }
        return all;
    }

    private void restore(List<AbortedTransaction> all) {
        try {
            store.restoreAborted(all);
            owed.clear();
        } catch (IOException e) {
            LOG.warn(
                    "the index of aborted transactions could not be made anew; it is found again at the next opening",
                    e);
        }
    }

    private List<AbortedTransaction> find() throws IOException {
        List<AbortedTransaction> all = new ArrayList<>();
        ProducerStates replayed = new ProducerStates();
        replayed.clear(store.logStartOffset());
        BatchReplay.scan(store, store.logStartOffset(), (batch, at) -> {
            AbortedTransaction aborted = replayed.update(batch, at, 0L);
            if (aborted != null) {
                all.add(aborted);
            }
        });
        return all;
    }

    /** The log begins at this offset now. */
    synchronized void startAt(long logStartOffset) {
        List<AbortedTransaction> known = found;
        if (known != null) {
            known.removeIf(one -> one.lastOffset() < logStartOffset);
        }
    }
}
