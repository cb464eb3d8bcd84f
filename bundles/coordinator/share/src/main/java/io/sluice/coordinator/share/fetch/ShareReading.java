package io.sluice.coordinator.share.fetch;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.share.ShareCoordinator;
import io.sluice.coordinator.share.partition.AcknowledgeOutcome;
import io.sluice.coordinator.share.partition.Delivery;
import io.sluice.coordinator.share.partition.FetchTurn;
import io.sluice.coordinator.share.partition.SharePartition;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.request.api.Request;
import io.sluice.request.api.Wakeup;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at all partitions of a share fetch. The log is read first; only when there is enough are records taken, so that a fetch which goes on
 * waiting has taken none. Ends with {@link #take} or {@link #leave}. Used once, by one thread; may read from the disk.
 */
final class ShareReading {
    private static final Logger LOG = LoggerFactory.getLogger(ShareReading.class);

    private final ShareCoordinator coordinator;
    private final Request request;
    private final String memberId;
    private final List<Part> parts = new ArrayList<>();
    private int bytes;
    private boolean hasNews;
    private int waitable;

    /** A partition; it has a read when it was its turn. */
    record Part(
            SharePartitionKey key,
            AcknowledgeOutcome error,
            @Nullable SharePartition partition,
            @Nullable FetchTurn turn,
            @Nullable FetchOutcome read) {
        private static Part refused(SharePartitionKey key, ErrorCode error, @Nullable String message) {
            return new Part(key, new AcknowledgeOutcome(error, message), null, null, null);
        }

        @Nullable
        FetchPosition position() {
            return turn == null ? null : turn.position();
        }
    }

    /** What a partition gave. */
    record Given(SharePartitionKey key, AcknowledgeOutcome error, Delivery delivery) {}

    private ShareReading(ShareCoordinator coordinator, Request request, String memberId) {
        this.coordinator = coordinator;
        this.request = request;
        this.memberId = memberId;
    }

    static ShareReading of(
            ShareCoordinator coordinator,
            Request request,
            String memberId,
            List<SharePartitionKey> keys,
            int maxBytes) {
        ShareReading reading = new ShareReading(coordinator, request, memberId);
        int each = Math.max(1, maxBytes / Math.max(1, keys.size()));
        try {
            for (SharePartitionKey key : keys) {
                reading.add(key, each, maxBytes);
            }
        } catch (RuntimeException e) {
            reading.leave();
            throw e;
        }
        return reading;
    }

    private void add(SharePartitionKey key, int each, int maxBytes) {
        TopicImage topic = coordinator.image().topic(key.topicId());
        if (topic == null) {
            parts.add(Part.refused(key, ErrorCode.UNKNOWN_TOPIC_ID, null));
            return;
        }
        if (!request.mayDo(Operation.READ, Resource.topic(topic.name()))) {
            parts.add(Part.refused(key, ErrorCode.TOPIC_AUTHORIZATION_FAILED, null));
            return;
        }
        if (key.partition() < 0 || key.partition() >= topic.partitions().size()) {
            parts.add(Part.refused(key, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, null));
            return;
        }
        SharePartition partition = coordinator.sharePartitions().get(key, coordinator.image());
        AcknowledgeOutcome failure = partition == null
                ? new AcknowledgeOutcome(ErrorCode.NOT_LEADER_OR_FOLLOWER, null)
                : partition.failure();
        if (partition == null || failure.error() != ErrorCode.NONE) {
            hasNews = true;
            parts.add(Part.refused(key, failure.error(), failure.message()));
            return;
        }
        waitable++;
        FetchTurn turn = partition.beginFetch();
        FetchPosition position = turn.position();
        if (position == null || (bytes > 0 && bytes >= maxBytes)) {
            if (position != null) {
                partition.leaveFetch();
            }
            parts.add(new Part(key, AcknowledgeOutcome.OK, partition, turn, null));
            return;
        }
        read(key, partition, turn, position, each);
    }

    private void read(
            SharePartitionKey key, SharePartition partition, FetchTurn turn, FetchPosition position, int each) {
        FetchOutcome outcome;
        try {
            outcome = coordinator.partitions().fetch(position, each, bytes == 0);
        } catch (RuntimeException e) {
            partition.leaveFetch();
            throw e;
        }
        if (outcome.error() == ErrorCode.NONE) {
            bytes += outcome.records().sizeInBytes();
            parts.add(new Part(key, AcknowledgeOutcome.OK, partition, turn, outcome));
            return;
        }
        outcome.records().release();
        PartitionStatus status =
                coordinator.partitions().status(position.partition().topicPartition());
        if (outcome.error() == ErrorCode.OFFSET_OUT_OF_RANGE
                && status != null
                && status.logStartOffset() > position.offset()) {
            // The log begins later now: the next look begins there.
            partition.leaveFetchAt(status.logStartOffset());
            parts.add(new Part(key, AcknowledgeOutcome.OK, partition, turn, null));
            hasNews = true;
            return;
        }
        partition.leaveFetch();
        hasNews = true;
        ErrorCode error =
                outcome.error() == ErrorCode.OFFSET_OUT_OF_RANGE ? ErrorCode.UNKNOWN_SERVER_ERROR : outcome.error();
        parts.add(Part.refused(key, error, null));
    }

    /** How much was read. */
    int bytes() {
        return bytes;
    }

    /** There is something to tell besides records, or nothing to wait for. */
    boolean isUrgent() {
        return hasNews || waitable == 0;
    }

    /** Takes records, as many as are wanted, and gives up what was read beyond them. What goes wrong with one partition is told of that one. */
    List<Given> take(int maxRecords, int batchSize, boolean strict) {
        List<Given> given = new ArrayList<>(parts.size());
        long left = maxRecords;
        for (Part part : parts) {
            FetchPosition position = part.position();
            Delivery delivery = Delivery.NOTHING;
            AcknowledgeOutcome error = part.error();
            if (part.partition() != null && part.read() != null && position != null) {
                if (left <= 0L) {
                    leave(part);
                } else {
                    try {
                        delivery = part.partition()
                                .endFetch(memberId, position, part.read(), (int) left, batchSize, strict);
                    } catch (IOException | RuntimeException e) {
                        LOG.warn("what was read of {} cannot be delivered", part.key(), e);
                        error = new AcknowledgeOutcome(
                                e instanceof IOException
                                        ? ErrorCode.KAFKA_STORAGE_ERROR
                                        : ErrorCode.UNKNOWN_SERVER_ERROR,
                                null);
                    }
                }
            }
            for (var range : delivery.acquired()) {
                left -= range.count();
            }
            given.add(new Given(part.key(), error, delivery));
        }
        return given;
    }

    /** Gives up what was read: the request goes on waiting. */
    void leave() {
        parts.forEach(ShareReading::leave);
    }

    private static void leave(Part part) {
        if (part.partition() != null && part.read() != null) {
            part.read().records().release();
            part.partition().leaveFetch();
        }
    }

    /** Has the request woken when more can be read, or something becomes available again. */
    void await(int minBytes, Wakeup wakeup) {
        List<FetchPosition> positions = new ArrayList<>(parts.size());
        List<FetchOutcome> seen = new ArrayList<>(parts.size());
        for (Part part : parts) {
            FetchPosition position = part.position();
            if (position != null && part.read() != null) {
                positions.add(position);
                seen.add(part.read());
            }
        }
        if (!positions.isEmpty()) {
            coordinator.partitions().watch(positions, seen, Math.max(1, minBytes - bytes), wakeup);
        }
        for (Part part : parts) {
            if (part.partition() != null && part.turn() != null) {
                part.partition().await(memberId, part.turn(), wakeup);
            }
        }
    }
}
