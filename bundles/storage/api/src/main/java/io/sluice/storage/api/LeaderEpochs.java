package io.sluice.storage.api;

import java.util.ArrayList;
import java.util.List;

/**
 * The leader epochs of a log with the offset at which each began (KIP-101, KIP-320), in rising order of both. Immutable: a change is a
 * new object, so that readers need no lock.
 */
final class LeaderEpochs {
    static final LeaderEpochs NONE = new LeaderEpochs(List.of());

    private final List<EpochEntry> entries;

    private LeaderEpochs(List<EpochEntry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** Takes what was stored, leaving out what lies outside the log and what is not in order. */
    static LeaderEpochs restore(List<EpochEntry> stored, long logStartOffset, long logEndOffset) {
        LeaderEpochs epochs = NONE;
        for (EpochEntry entry : stored) {
            epochs = epochs.assign(entry.epoch(), entry.startOffset());
        }
        return epochs.truncateFromEnd(logEndOffset).truncateFromStart(logStartOffset);
    }

    List<EpochEntry> entries() {
        return entries;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** -1 when there is none. */
    int latest() {
        return entries.isEmpty() ? -1 : entries.get(entries.size() - 1).epoch();
    }

    /** The epoch under which the record at this offset was appended; -1 when it is not known. */
    int epochOf(long offset) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).startOffset() <= offset) {
                return entries.get(i).epoch();
            }
        }
        return -1;
    }

    /** With the epoch beginning at the offset, unless it is known already. What would break the order goes. */
    LeaderEpochs assign(int epoch, long startOffset) {
        if (epoch < 0 || (!entries.isEmpty() && epoch == latest())) {
            return this;
        }
        List<EpochEntry> next = new ArrayList<>(entries.size() + 1);
        for (EpochEntry entry : entries) {
            if (entry.epoch() < epoch && entry.startOffset() < startOffset) {
                next.add(entry);
            }
        }
        next.add(new EpochEntry(epoch, startOffset));
        return new LeaderEpochs(next);
    }

    /** Without the epochs that begin at or above the offset, to which the log was cut. */
    LeaderEpochs truncateFromEnd(long endOffset) {
        if (entries.isEmpty() || entries.get(entries.size() - 1).startOffset() < endOffset) {
            return this;
        }
        List<EpochEntry> next = new ArrayList<>(entries);
        next.removeIf(entry -> entry.startOffset() >= endOffset);
        return new LeaderEpochs(next);
    }

    /** Without the epochs that ended at or below the log's new start; the one that holds the start begins there. */
    LeaderEpochs truncateFromStart(long startOffset) {
        int holds = -1;
        for (int i = 0; i < entries.size() && entries.get(i).startOffset() <= startOffset; i++) {
            holds = i;
        }
        if (holds < 0 || (holds == 0 && entries.get(0).startOffset() == startOffset)) {
            return this;
        }
        List<EpochEntry> next = new ArrayList<>(entries.subList(holds + 1, entries.size()));
        next.add(0, new EpochEntry(entries.get(holds).epoch(), startOffset));
        return new LeaderEpochs(next);
    }

    /** Where an epoch ended: at the start of the next, or at the log's end for the latest. */
    EpochEnd endOf(int epoch, long logEndOffset) {
        if (epoch < 0 || entries.isEmpty() || epoch > latest()) {
            return EpochEnd.UNKNOWN;
        }
        if (epoch == latest()) {
            return new EpochEnd(epoch, logEndOffset);
        }
        int higher = 0;
        while (entries.get(higher).epoch() <= epoch) {
            higher++;
        }
        int answered = higher == 0 ? epoch : entries.get(higher - 1).epoch();
        return new EpochEnd(answered, entries.get(higher).startOffset());
    }
}
