package io.sluice.coordinator.group.handler;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.ProducerTransactions;
import io.sluice.broker.api.ProducerTransactions.Admission;
import io.sluice.broker.api.ProducerTransactions.Claim;
import io.sluice.broker.api.TopicNames;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.group.GroupCoordinator;
import io.sluice.coordinator.group.offset.PendingCommits;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.TxnOffsetCommitRequest;
import io.sluice.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.sluice.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.sluice.protocol.message.TxnOffsetCommitResponse;
import io.sluice.protocol.message.TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * TxnOffsetCommit (KIP-98, KIP-447, KIP-890, KIP-1319). The producer's coordinator is asked first whether the group's partition of
 * {@code __consumer_offsets} is in the transaction, or puts it there for clients that do not ask for that themselves.
 */
@Component(service = ApiHandler.class)
public final class TxnOffsetCommitHandler implements ApiHandler {
    private static final short FIRST_VERSION_WITH_ABORTABLE = 4;
    private static final short FIRST_VERSION_THAT_ADDS = 5;
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 6;

    private final GroupCoordinator groups;
    private final Partitions partitions;
    private final ProducerTransactions transactions;

    @Activate
    public TxnOffsetCommitHandler(
            @Reference GroupCoordinator groups,
            @Reference Partitions partitions,
            @Reference ProducerTransactions transactions) {
        this.groups = groups;
        this.partitions = partitions;
        this.transactions = transactions;
    }

    @Override
    public ApiKey api() {
        return ApiKey.TXN_OFFSET_COMMIT;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        TxnOffsetCommitRequest commit = request.read(new TxnOffsetCommitRequest());
        ErrorCode refusal = refusal(request, commit);
        if (refusal != ErrorCode.NONE) {
            request.respond(PendingCommits.refused(commit, refusal));
            return;
        }
        List<TxnOffsetCommitResponseTopic> sortedOut = new ArrayList<>();
        commit.setTopics(sort(request, commit, sortedOut));
        if (commit.topics().isEmpty()) {
            request.respond(new TxnOffsetCommitResponse().setTopics(sortedOut));
            return;
        }
        admit(request, commit, new Completed(request, commit, sortedOut));
    }

    private static ErrorCode refusal(Request request, TxnOffsetCommitRequest commit) {
        if (!request.mayDo(Operation.WRITE, Resource.transactionalId(commit.transactionalId()))) {
            return ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        }
        if (!request.mayDo(Operation.READ, Resource.group(commit.groupId()))) {
            return ErrorCode.GROUP_AUTHORIZATION_FAILED;
        }
        return commit.groupId().isEmpty() ? ErrorCode.INVALID_GROUP_ID : ErrorCode.NONE;
    }

    /** The log is looked at before the transaction's coordinator is asked, so that nothing can end between the two unseen. */
    private void admit(Request request, TxnOffsetCommitRequest commit, Reply<TxnOffsetCommitResponse> reply) {
        int number = groups.partitionOf(commit.groupId());
        if (number < 0) {
            reply.refuse(ErrorCode.NOT_COORDINATOR);
            return;
        }
        TopicPartition partition = new TopicPartition(TopicNames.CONSUMER_OFFSETS, number);
        short version = request.version();
        long guard = partitions.transactionGuard(partition, commit.producerId(), commit.producerEpoch());
        if (guard == AppendEntry.ONGOING) {
            submit(commit, version, guard, reply);
            return;
        }
        Claim claim = new Claim(
                commit.transactionalId(),
                commit.producerId(),
                commit.producerEpoch(),
                List.of(partition),
                admission(version));
        transactions.admit(claim).whenComplete((errors, failure) -> {
            ErrorCode error = failure == null ? errors.get(0) : ErrorCode.COORDINATOR_NOT_AVAILABLE;
            if (error == ErrorCode.NONE) {
                submit(commit, version, guard, reply);
            } else {
                reply.refuse(told(error));
            }
        });
    }

    private static Admission admission(short version) {
        if (version >= FIRST_VERSION_THAT_ADDS) {
            return Admission.ADD;
        }
        return version >= FIRST_VERSION_WITH_ABORTABLE ? Admission.VERIFY_ABORTABLE : Admission.VERIFY;
    }

    /** What went wrong between two coordinators is nothing that a producer knows of: it comes again. */
    private static ErrorCode told(ErrorCode error) {
        return switch (error) {
            case NETWORK_EXCEPTION, NOT_ENOUGH_REPLICAS -> ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
            case UNKNOWN_TOPIC_OR_PARTITION, REQUEST_TIMED_OUT -> ErrorCode.COORDINATOR_NOT_AVAILABLE;
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR -> ErrorCode.NOT_COORDINATOR;
            default -> error;
        };
    }

    private void submit(
            TxnOffsetCommitRequest commit, short version, long guard, Reply<TxnOffsetCommitResponse> reply) {
        groups.submit(commit.groupId(), reply, (shard, turn) -> shard.pendingCommits()
                .commit(turn, commit, version, guard, reply));
    }

    /** Adds what was sorted out to the coordinator's answer. */
    private record Completed(
            Request request, TxnOffsetCommitRequest commit, List<TxnOffsetCommitResponseTopic> sortedOut)
            implements Reply<TxnOffsetCommitResponse> {
        @Override
        public void answer(TxnOffsetCommitResponse outcome) {
            List<TxnOffsetCommitResponseTopic> all = new ArrayList<>(outcome.topics());
            all.addAll(sortedOut);
            request.respond(outcome.setTopics(all));
        }

        @Override
        public void refuse(ErrorCode error) {
            answer(PendingCommits.refused(commit, error));
        }
    }

    private List<TxnOffsetCommitRequestTopic> sort(
            Request request, TxnOffsetCommitRequest commit, List<TxnOffsetCommitResponseTopic> sortedOut) {
        MetadataImage image = groups.image();
        boolean byId = request.version() >= FIRST_VERSION_WITH_TOPIC_IDS;
        List<TxnOffsetCommitRequestTopic> good = new ArrayList<>();
        for (TxnOffsetCommitRequestTopic topic : commit.topics()) {
            TopicImage found = byId ? image.topic(topic.topicId()) : image.topic(topic.name());
            if (found != null) {
                topic.setName(found.name()).setTopicId(found.id());
            }
            ErrorCode refusal = refusal(request, topic, found, byId);
            if (refusal != ErrorCode.NONE || found == null) {
                sortedOut.add(PendingCommits.refused(topic, refusal));
            } else {
                sortPartitions(topic, found, good, sortedOut);
            }
        }
        return good;
    }

    private static ErrorCode refusal(
            Request request, TxnOffsetCommitRequestTopic topic, @Nullable TopicImage found, boolean byId) {
        if (found == null && byId) {
            return ErrorCode.UNKNOWN_TOPIC_ID;
        }
        if (!request.mayDo(Operation.READ, Resource.topic(topic.name()))) {
            return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
        }
        return found == null ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.NONE;
    }

    private static void sortPartitions(
            TxnOffsetCommitRequestTopic topic,
            TopicImage found,
            List<TxnOffsetCommitRequestTopic> good,
            List<TxnOffsetCommitResponseTopic> sortedOut) {
        List<TxnOffsetCommitRequestPartition> known = new ArrayList<>();
        List<TxnOffsetCommitRequestPartition> unknown = new ArrayList<>();
        for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
            int index = partition.partitionIndex();
            boolean exists = index >= 0 && index < found.partitions().size();
            (exists ? known : unknown).add(partition);
        }
        if (!known.isEmpty()) {
            good.add(with(topic, known));
        }
        if (!unknown.isEmpty()) {
            sortedOut.add(PendingCommits.refused(with(topic, unknown), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        }
    }

    private static TxnOffsetCommitRequestTopic with(
            TxnOffsetCommitRequestTopic topic, List<TxnOffsetCommitRequestPartition> partitions) {
        return new TxnOffsetCommitRequestTopic()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setPartitions(partitions);
    }
}
