package io.sluice.coordinator.share.fetch;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.share.ShareCoordinator;
import io.sluice.coordinator.share.partition.AcknowledgeOutcome;
import io.sluice.coordinator.share.partition.Acknowledgement;
import io.sluice.coordinator.share.partition.SharePartition;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.protocol.message.ShareAcknowledgeRequest;
import io.sluice.protocol.message.ShareFetchRequest;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a request says of records, by partition, and what becomes of it. Partitions do not depend on each other. Used once. */
final class RequestedAcknowledgements {
    private static final short FIRST_VERSION_WITH_RENEWAL = 2;
    private static final byte REJECT = 3;
    private static final byte RENEW = 4;

    private final Map<TopicIdPartition, List<Acknowledgement>> byPartition;

    private RequestedAcknowledgements(Map<TopicIdPartition, List<Acknowledgement>> byPartition) {
        this.byPartition = byPartition;
    }

    static RequestedAcknowledgements of(ShareFetchRequest asked) {
        Map<TopicIdPartition, List<Acknowledgement>> all = new LinkedHashMap<>();
        for (ShareFetchRequest.FetchTopic topic : asked.topics()) {
            for (ShareFetchRequest.FetchPartition partition : topic.partitions()) {
                if (!partition.acknowledgementBatches().isEmpty()) {
                    List<Acknowledgement> list = all.computeIfAbsent(
                            key(topic.topicId(), partition.partitionIndex()), k -> new ArrayList<>());
                    for (ShareFetchRequest.AcknowledgementBatch batch : partition.acknowledgementBatches()) {
                        list.add(
                                new Acknowledgement(batch.firstOffset(), batch.lastOffset(), batch.acknowledgeTypes()));
                    }
                }
            }
        }
        return new RequestedAcknowledgements(all);
    }

    static RequestedAcknowledgements of(ShareAcknowledgeRequest asked) {
        Map<TopicIdPartition, List<Acknowledgement>> all = new LinkedHashMap<>();
        for (ShareAcknowledgeRequest.AcknowledgeTopic topic : asked.topics()) {
            for (ShareAcknowledgeRequest.AcknowledgePartition partition : topic.partitions()) {
                List<Acknowledgement> list =
                        all.computeIfAbsent(key(topic.topicId(), partition.partitionIndex()), k -> new ArrayList<>());
                for (ShareAcknowledgeRequest.AcknowledgementBatch batch : partition.acknowledgementBatches()) {
                    list.add(new Acknowledgement(batch.firstOffset(), batch.lastOffset(), batch.acknowledgeTypes()));
                }
            }
        }
        return new RequestedAcknowledgements(all);
    }

    /** A partition by its topic's id alone: under that it is asked for. */
    static TopicIdPartition key(Uuid topicId, int partition) {
        return new TopicIdPartition(topicId, "", partition);
    }

    boolean isEmpty() {
        return byPartition.isEmpty();
    }

    /**
     * Takes all of them to their share partitions.
     *
     * @param isRenewal whether the request says that there may be renewals in it
     * @param results what became of each partition's, put in before {@code done} is run
     * @param done run once, when all is kept; also within this call
     */
    void submit(
            ShareCoordinator coordinator,
            Request request,
            ShareSession.Key member,
            boolean isRenewal,
            Map<TopicIdPartition, Map.Entry<Short, String>> results,
            Runnable done) {
        AtomicInteger open = new AtomicInteger(byPartition.size() + 1);
        byPartition.forEach((partition, acknowledgements) -> {
            AcknowledgeOutcome answer = answer(coordinator, request, partition, acknowledgements, isRenewal);
            SharePartition target = answer != null
                    ? null
                    : coordinator
                            .sharePartitions()
                            .find(new SharePartitionKey(member.groupId(), partition.topicId(), partition.partition()));
            if (answer != null) {
                finish(partition, answer, results, open, done);
            } else if (target == null) {
                // Nobody has read it since it came here: nothing is acquired. Final, where Kafka's answer would make
                // clients ask again before they read.
                finish(
                        partition,
                        new AcknowledgeOutcome(ErrorCode.INVALID_RECORD_STATE, "The records are not acquired."),
                        results,
                        open,
                        done);
            } else {
                target.acknowledge(
                        member.memberId(),
                        acknowledgements,
                        outcome -> finish(partition, outcome, results, open, done));
            }
        });
        if (open.decrementAndGet() == 0) {
            done.run();
        }
    }

    private static void finish(
            TopicIdPartition partition,
            AcknowledgeOutcome outcome,
            Map<TopicIdPartition, Map.Entry<Short, String>> results,
            AtomicInteger open,
            Runnable done) {
        String message = outcome.message() == null ? "" : outcome.message();
        results.put(partition, Map.entry(outcome.error().code(), message));
        if (open.decrementAndGet() == 0) {
            done.run();
        }
    }

    /** What is said to acknowledgements without a look at the records; null when that is needed. In the order in which Kafka checks. */
    private static @Nullable AcknowledgeOutcome answer(
            ShareCoordinator coordinator,
            Request request,
            TopicIdPartition partition,
            List<Acknowledgement> acknowledgements,
            boolean isRenewal) {
        TopicImage topic = coordinator.image().topic(partition.topicId());
        if (topic == null) {
            return refused(ErrorCode.UNKNOWN_TOPIC_ID);
        }
        boolean mayRenew = isRenewal && request.version() >= FIRST_VERSION_WITH_RENEWAL;
        String flaw = Acknowledgement.flaw(acknowledgements, mayRenew ? RENEW : REJECT);
        if (flaw != null) {
            return new AcknowledgeOutcome(ErrorCode.INVALID_REQUEST, flaw);
        }
        if (!request.mayDo(Operation.READ, Resource.topic(topic.name()))) {
            return refused(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        }
        if (partition.partition() < 0
                || partition.partition() >= topic.partitions().size()) {
            return refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        return acknowledgements.isEmpty() ? AcknowledgeOutcome.OK : null;
    }

    private static AcknowledgeOutcome refused(ErrorCode error) {
        return new AcknowledgeOutcome(error, null);
    }

    /** Results of partitions of which nothing is known yet. */
    static Map<TopicIdPartition, Map.Entry<Short, String>> noResults() {
        return new ConcurrentHashMap<>();
    }

    /** The partitions, in the order of the request. */
    Iterable<TopicIdPartition> partitions() {
        return byPartition.keySet();
    }
}
