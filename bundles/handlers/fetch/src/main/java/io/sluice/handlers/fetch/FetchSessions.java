package io.sluice.handlers.fetch;

import io.sluice.base.ErrorCode;
import io.sluice.base.LeaderEpoch;
import io.sluice.base.RandomSource;
import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.FetchPosition;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.message.FetchRequest;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fetch sessions of this broker (KIP-227), at most so many as are configured; a new one takes the place of one that
 * was not used for two minutes, or the client goes on without. Any thread.
 */
final class FetchSessions {
    private static final int FINAL_EPOCH = -1;
    private static final int INITIAL_EPOCH = 0;
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 13;
    private static final short FIRST_VERSION_WITH_REPLICA_STATE = 15;
    private static final long EVICTABLE_AFTER_NANOS = 120_000_000_000L;

    private final int slots;
    private final Time time;
    private final RandomSource random;
    private final Map<Integer, FetchSession> sessions = new HashMap<>();

    FetchSessions(int slots, Time time, RandomSource random) {
        this.slots = slots;
        this.time = time;
        this.random = random;
    }

    /** Takes a request in: begins, continues or ends a session as it says. */
    FetchContext enter(Request request, FetchRequest asked, MetadataImage image) {
        if (asked.sessionEpoch() == FINAL_EPOCH || asked.sessionEpoch() == INITIAL_EPOCH) {
            remove(asked.sessionId());
            List<SessionPartition> all = named(request, asked);
            FetchSession session = asked.sessionEpoch() == INITIAL_EPOCH && !all.isEmpty() ? begin(request, all) : null;
            return context(request, asked, session, false, all, image);
        }
        FetchSession session = find(asked.sessionId());
        if (session == null) {
            return FetchContext.refused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (session.expectedEpoch() != asked.sessionEpoch()) {
            return FetchContext.refused(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
        }
        if (session.usesTopicIds() != usesTopicIds(request)) {
            return FetchContext.refused(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
        }
        for (FetchRequest.FetchTopic topic : asked.topics()) {
            for (FetchRequest.FetchPartition partition : topic.partitions()) {
                session.getOrAdd(new SessionPartition(topic.topic(), topic.topicId(), partition.partition()))
                        .update(partition);
            }
        }
        for (FetchRequest.ForgottenTopic topic : asked.forgottenTopicsData()) {
            for (int partition : topic.partitions()) {
                session.forget(new SessionPartition.Key(topic.topic(), topic.topicId(), partition));
            }
        }
        session.advance();
        return context(request, asked, session, true, session.inOrder(), image);
    }

    /** Goes on with a request that was taken in before. */
    FetchContext reenter(Request request, FetchRequest asked, int sessionId, MetadataImage image) {
        if (sessionId == 0) {
            return context(request, asked, null, false, named(request, asked), image);
        }
        FetchSession session = find(sessionId);
        if (session == null) {
            return FetchContext.refused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        }
        boolean incremental = asked.sessionEpoch() != INITIAL_EPOCH;
        return context(request, asked, session, incremental, session.inOrder(), image);
    }

    private static boolean usesTopicIds(Request request) {
        return request.version() >= FIRST_VERSION_WITH_TOPIC_IDS;
    }

    private static List<SessionPartition> named(Request request, FetchRequest asked) {
        List<SessionPartition> all = new ArrayList<>();
        for (FetchRequest.FetchTopic topic : asked.topics()) {
            for (FetchRequest.FetchPartition partition : topic.partitions()) {
                SessionPartition one = new SessionPartition(topic.topic(), topic.topicId(), partition.partition());
                one.update(partition);
                all.add(one);
            }
        }
        return all;
    }

    private FetchContext context(
            Request request,
            FetchRequest asked,
            @Nullable FetchSession session,
            boolean incremental,
            List<SessionPartition> partitions,
            MetadataImage image) {
        if (session != null) {
            session.touch(time.nanoseconds());
        }
        boolean readCommitted = asked.isolationLevel() == 1;
        List<FetchPart> parts = new ArrayList<>(partitions.size());
        boolean follower = replicaId(request, asked) >= 0;
        boolean mayFollow = !follower || request.mayDo(Operation.CLUSTER_ACTION, Resource.CLUSTER);
        String lastTopic = null;
        boolean lastAllowed = false;
        for (SessionPartition partition : partitions) {
            String name = nameOf(partition, image);
            ErrorCode error = ErrorCode.NONE;
            if (name == null) {
                error = usesTopicIds(request) ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
                name = "";
            } else {
                if (!name.equals(lastTopic)) {
                    lastTopic = name;
                    lastAllowed = follower ? mayFollow : request.mayDo(Operation.READ, Resource.topic(name));
                }
                if (!lastAllowed) {
                    error = ErrorCode.TOPIC_AUTHORIZATION_FAILED;
                } else if (follower) {
                    error = unknownReplica(partition);
                }
            }
            FetchPosition position = new FetchPosition(
                    new TopicIdPartition(partition.topicId(), name, partition.partition()),
                    partition.fetchOffset(),
                    partition.currentLeaderEpoch(),
                    partition.lastFetchedEpoch(),
                    readCommitted);
            parts.add(new FetchPart(position, partition.maxBytes(), error, partition));
        }
        return new FetchContext(ErrorCode.NONE, session, incremental, readCommitted, parts);
    }

    private static int replicaId(Request request, FetchRequest asked) {
        return request.version() >= FIRST_VERSION_WITH_REPLICA_STATE
                ? asked.replicaState().replicaId()
                : asked.replicaId();
    }

    /** No partition has other replicas than this broker's: whoever says that it is one is told as by Kafka, so that a broker tries again. */
    private static ErrorCode unknownReplica(SessionPartition partition) {
        return partition.currentLeaderEpoch() == LeaderEpoch.NONE
                ? ErrorCode.NOT_LEADER_OR_FOLLOWER
                : ErrorCode.UNKNOWN_LEADER_EPOCH;
    }

    private static @Nullable String nameOf(SessionPartition partition, MetadataImage image) {
        Uuid id = partition.topicId();
        if (id.isZero()) {
            return partition.topic().isEmpty() ? null : partition.topic();
        }
        TopicImage topic = image.topic(id);
        return topic == null ? null : topic.name();
    }

    private synchronized @Nullable FetchSession find(int id) {
        return sessions.get(id);
    }

    private synchronized void remove(int id) {
        if (id != 0) {
            sessions.remove(id);
        }
    }

    private synchronized @Nullable FetchSession begin(Request request, List<SessionPartition> partitions) {
        if (sessions.size() >= slots && !evict()) {
            return null;
        }
        int id = 0;
        while (id == 0 || sessions.containsKey(id)) {
            id = random.nextInt(Integer.MAX_VALUE);
        }
        FetchSession session = new FetchSession(id, usesTopicIds(request));
        for (SessionPartition partition : partitions) {
            session.put(partition);
        }
        sessions.put(id, session);
        return session;
    }

    private boolean evict() {
        FetchSession oldest = null;
        for (FetchSession session : sessions.values()) {
            if (oldest == null || session.usedAtNanos() - oldest.usedAtNanos() < 0) {
                oldest = session;
            }
        }
        if (oldest == null || time.nanoseconds() - oldest.usedAtNanos() < EVICTABLE_AFTER_NANOS) {
            return false;
        }
        sessions.remove(oldest.id());
        return true;
    }
}
