package io.sluice.coordinator.share.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a window should do, told one record at a time and as plainly as possible. */
final class WindowModel {
    final TreeMap<Long, Entry> entries = new TreeMap<>();
    long start;
    long next;

    static final class Entry {
        RecordState state = RecordState.AVAILABLE;
        int deliveries;

        @Nullable
        String member;

        long lockedUntil;

        void free(RecordState to) {
            state = to;
            member = null;
            lockedUntil = 0L;
        }
    }

    WindowModel(long start) {
        this.start = start;
        this.next = start;
    }

    long nextFetchOffset() {
        for (long offset = start; offset < next; offset++) {
            if (at(offset).state == RecordState.AVAILABLE) {
                return offset;
            }
        }
        return next;
    }

    long nextDeadlineMs() {
        return entries.values().stream()
                .filter(entry -> entry.state == RecordState.ACQUIRED)
                .mapToLong(entry -> entry.lockedUntil)
                .min()
                .orElse(-1L);
    }

    Entry at(long offset) {
        return java.util.Objects.requireNonNull(entries.get(offset));
    }

    private Entry add() {
        Entry entry = new Entry();
        entries.put(next++, entry);
        return entry;
    }

    private void passOver(long first, long last) {
        for (long offset = first; offset <= last; offset++) {
            if (offset >= next) {
                add().state = RecordState.ARCHIVED;
            } else if (at(offset).state == RecordState.AVAILABLE) {
                at(offset).free(RecordState.ARCHIVED);
            }
        }
    }

    /** Gives each record that was taken, with its count. */
    List<long[]> acquire(
            String member,
            long from,
            List<FetchedBatch> batches,
            AcquisitionLimits limits,
            long until,
            boolean letters) {
        List<long[]> taken = new ArrayList<>();
        int throttleFrom = Math.max(2, (limits.deliveryCountLimit() + 1) / 2);
        long at = Math.max(from, start);
        long begin = start;
        boolean full = false;
        for (FetchedBatch batch : batches) {
            if (full) {
                break;
            }
            if (batch.lastOffset() < at) {
                continue;
            }
            if (batch.baseOffset() > at) {
                passOver(at, batch.baseOffset() - 1);
                at = batch.baseOffset();
            }
            if (!batch.isDeliverable()) {
                passOver(at, batch.lastOffset());
            } else {
                long size = batch.lastOffset() - at + 1;
                long throttledTo = Long.MAX_VALUE;
                for (long offset = at; offset <= batch.lastOffset() && !full; offset++) {
                    boolean strictEnd = limits.isStrict() && taken.size() >= limits.maxRecords();
                    if (offset >= next) {
                        if (strictEnd || next - begin >= limits.locksMax()) {
                            full = true;
                            break;
                        }
                        take(add(), member, until, offset, taken);
                        continue;
                    }
                    Entry entry = at(offset);
                    if (entry.state != RecordState.AVAILABLE) {
                        continue;
                    }
                    if (entry.deliveries >= limits.deliveryCountLimit()) {
                        entry.free(letters ? RecordState.ARCHIVING : RecordState.ARCHIVED);
                        continue;
                    }
                    boolean last =
                            limits.deliveryCountLimit() > 2 && entry.deliveries == limits.deliveryCountLimit() - 1;
                    if (entry.deliveries >= throttleFrom && throttledTo == Long.MAX_VALUE) {
                        throttledTo = taken.size() + Math.max(1L, size >> (entry.deliveries - throttleFrom + 1));
                    }
                    if (strictEnd || taken.size() >= throttledTo || (last && !taken.isEmpty())) {
                        full = true;
                        break;
                    }
                    take(entry, member, until, offset, taken);
                    full = last || taken.size() >= throttledTo;
                }
            }
            at = batch.lastOffset() + 1;
            full |= taken.size() >= limits.maxRecords();
        }
        advance();
        return taken;
    }

    private static void take(Entry entry, String member, long until, long offset, List<long[]> taken) {
        entry.state = RecordState.ACQUIRED;
        entry.deliveries++;
        entry.member = member;
        entry.lockedUntil = until;
        taken.add(new long[] {offset, entry.deliveries});
    }

    boolean mayAcknowledge(String member, long first, long last) {
        if (last < start) {
            return true;
        }
        for (long offset = Math.max(first, start); offset <= last; offset++) {
            if (offset >= next || at(offset).state != RecordState.ACQUIRED || !member.equals(at(offset).member)) {
                return false;
            }
        }
        return true;
    }

    void acknowledge(long offset, byte type, int limit, boolean letters, long until) {
        if (offset < start) {
            return;
        }
        Entry entry = at(offset);
        switch (type) {
            case AcknowledgeType.ACCEPT -> entry.free(RecordState.ACKNOWLEDGED);
            case AcknowledgeType.GAP -> entry.free(RecordState.ARCHIVED);
            case AcknowledgeType.REJECT -> entry.free(letters ? RecordState.ARCHIVING : RecordState.ARCHIVED);
            case AcknowledgeType.RENEW -> entry.lockedUntil = until;
            default -> release(entry, limit, letters);
        }
    }

    private static void release(Entry entry, int limit, boolean letters) {
        if (entry.deliveries < limit) {
            entry.free(RecordState.AVAILABLE);
        } else {
            entry.free(letters ? RecordState.ARCHIVING : RecordState.ARCHIVED);
        }
    }

    void limitLocksOf(String member, long until) {
        for (Entry entry : entries.values()) {
            if (entry.state == RecordState.ACQUIRED && member.equals(entry.member)) {
                entry.lockedUntil = Math.min(entry.lockedUntil, until);
            }
        }
    }

    void expire(long now, int limit, boolean letters) {
        for (Entry entry : entries.values()) {
            if (entry.state == RecordState.ACQUIRED && entry.lockedUntil <= now) {
                release(entry, limit, letters);
            }
        }
        advance();
    }

    void archived(long first, long last) {
        for (Entry entry : entries.subMap(first, true, last, true).values()) {
            if (entry.state == RecordState.ARCHIVING) {
                entry.free(RecordState.ARCHIVED);
            }
        }
        advance();
    }

    void startAt(long offset) {
        if (offset > start) {
            entries.headMap(offset).clear();
            start = offset;
            next = Math.max(next, offset);
            advance();
        }
    }

    void advance() {
        while (start < next && at(start).state.isFinal()) {
            entries.remove(start++);
        }
    }
}
