package io.sluice.handlers.fetch;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.Partitions;
import java.util.ArrayList;
import java.util.List;

/** One look at all partitions of a fetch: what they gave, and what follows from that. Used once, by one thread. */
final class Reading {
    private final List<FetchPart> parts;
    private final List<FetchOutcome> outcomes;
    private final List<FetchPosition> cold = new ArrayList<>(0);
    private int coldBytes;
    private int bytes;
    private int readable;
    private boolean urgent;

    private Reading(List<FetchPart> parts) {
        this.parts = parts;
        this.outcomes = new ArrayList<>(parts.size());
    }

    /**
     * @param mayWait whether a disk may be waited for
     * @param woken whether the request had been waiting: what becomes known meanwhile is told at once
     */
    static Reading of(List<FetchPart> parts, Partitions from, int maxBytes, boolean mayWait, boolean woken) {
        Reading reading = new Reading(parts);
        int left = maxBytes;
        for (FetchPart part : parts) {
            left = Math.max(0, left - reading.add(part, from, left, mayWait, woken));
        }
        return reading;
    }

    private int add(FetchPart part, Partitions from, int left, boolean mayWait, boolean woken) {
        int limit = limit(part, left, bytes == 0);
        FetchOutcome outcome = read(part, from, limit, mayWait);
        int size = outcome.records().sizeInBytes();
        bytes += size;
        if (isOutOfSight(outcome.error())) {
            urgent |= woken;
        } else {
            readable++;
            urgent |= outcome.error() != ErrorCode.NONE || outcome.divergingEpoch() >= 0;
        }
        if (outcome.isCold()) {
            cold.add(part.position());
            coldBytes = Math.max(coldBytes, limit);
        }
        outcomes.add(outcome);
        return size;
    }

    private FetchOutcome read(FetchPart part, Partitions from, int limit, boolean mayWait) {
        if (part.error() != ErrorCode.NONE) {
            return FetchOutcome.refused(part.error());
        }
        boolean minOneBatch = bytes == 0;
        return mayWait
                ? from.fetch(part.position(), limit, minOneBatch)
                : from.fetchWarm(part.position(), limit, minOneBatch);
    }

    /** A limit of nothing still lets the first batch through, or its reader would never get on (KIP-74). */
    private static int limit(FetchPart part, int left, boolean first) {
        int limit = Math.min(part.maxBytes(), left);
        return first ? Math.max(1, limit) : limit;
    }

    /**
     * A partition that is not there, or not for this client, does not hurry the others: a client that goes on to ask for one
     * would ask without a pause.
     */
    private static boolean isOutOfSight(ErrorCode error) {
        return error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                || error == ErrorCode.UNKNOWN_TOPIC_ID
                || error == ErrorCode.TOPIC_AUTHORIZATION_FAILED;
    }

    List<FetchOutcome> outcomes() {
        return outcomes;
    }

    /** Where there are records that are not in memory. */
    List<FetchPosition> cold() {
        return cold;
    }

    /** How much of them may be wanted of one partition. */
    int coldBytes() {
        return coldBytes;
    }

    /** There is something to tell, or nothing to wait for. */
    boolean isUrgent() {
        return urgent || readable == 0;
    }

    /** Whether there is nothing to give but what has to be brought into memory first. */
    boolean isAllCold() {
        return !cold.isEmpty() && bytes == 0;
    }

    /** What is there goes out before more of it is waited for that has to come from the disk. */
    boolean hasEnough(int minBytes) {
        return bytes >= minBytes || (!cold.isEmpty() && bytes > 0);
    }

    /** Gives the records back: the request goes on waiting. */
    void release() {
        for (FetchOutcome outcome : outcomes) {
            outcome.records().release();
        }
    }

    int bytes() {
        return bytes;
    }

    /** The positions where more may come. */
    List<FetchPosition> waiting() {
        List<FetchPosition> positions = new ArrayList<>(parts.size());
        for (int i = 0; i < outcomes.size(); i++) {
            if (mayGetMore(outcomes.get(i))) {
                positions.add(parts.get(i).position());
            }
        }
        return positions;
    }

    /** What each of {@link #waiting()} gave. */
    List<FetchOutcome> seen() {
        List<FetchOutcome> seen = new ArrayList<>(outcomes.size());
        for (FetchOutcome outcome : outcomes) {
            if (mayGetMore(outcome)) {
                seen.add(outcome);
            }
        }
        return seen;
    }

    private static boolean mayGetMore(FetchOutcome outcome) {
        return !isOutOfSight(outcome.error()) && !outcome.isCold();
    }
}
