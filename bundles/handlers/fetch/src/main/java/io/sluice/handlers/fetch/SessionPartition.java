package io.sluice.handlers.fetch;

import io.sluice.base.LeaderEpoch;
import io.sluice.base.Uuid;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.protocol.message.FetchRequest;

/** A partition as a session remembers it: what the client asked for last, and what it was told last. */
final class SessionPartition {
    private final String topic;
    private final Uuid topicId;
    private final int partition;
    private long fetchOffset;
    private int maxBytes;
    private int currentLeaderEpoch;
    private int lastFetchedEpoch;
    private long toldHighWatermark = -1L;
    private long toldLogStart = -1L;
    private boolean toldError;

    SessionPartition(String topic, Uuid topicId, int partition) {
        this.topic = topic;
        this.topicId = topicId;
        this.partition = partition;
    }

    /** A partition is the same when its topic's name (up to version 12) or id (from 13) and its number are. */
    record Key(String topic, Uuid topicId, int partition) {}

    /** Any negative epoch means none. */
    void update(FetchRequest.FetchPartition asked) {
        fetchOffset = asked.fetchOffset();
        maxBytes = asked.partitionMaxBytes();
        currentLeaderEpoch = Math.max(LeaderEpoch.NONE, asked.currentLeaderEpoch());
        lastFetchedEpoch = Math.max(LeaderEpoch.NONE, asked.lastFetchedEpoch());
    }

    /** Whether an incremental answer has to name the partition; remembers what it says. */
    boolean isNews(FetchOutcome outcome) {
        boolean error = outcome.error() != io.sluice.base.ErrorCode.NONE;
        boolean news = error
                || toldError
                || outcome.records().sizeInBytes() > 0
                || outcome.divergingEpoch() >= 0
                || outcome.highWatermark() != toldHighWatermark
                || outcome.logStartOffset() != toldLogStart;
        toldHighWatermark = outcome.highWatermark();
        toldLogStart = outcome.logStartOffset();
        toldError = error;
        return news;
    }

    String topic() {
        return topic;
    }

    Uuid topicId() {
        return topicId;
    }

    int partition() {
        return partition;
    }

    Key key() {
        return new Key(topic, topicId, partition);
    }

    long fetchOffset() {
        return fetchOffset;
    }

    int maxBytes() {
        return maxBytes;
    }

    int currentLeaderEpoch() {
        return currentLeaderEpoch;
    }

    int lastFetchedEpoch() {
        return lastFetchedEpoch;
    }
}
