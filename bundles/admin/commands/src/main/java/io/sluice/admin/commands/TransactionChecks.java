package io.sluice.admin.commands;

import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.HealthCheck;
import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.PartitionStanding;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.Partitions;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeTransactionsRequest;
import io.sluice.protocol.message.DescribeTransactionsResponse;
import io.sluice.protocol.message.DescribeTransactionsResponse.TransactionState;
import io.sluice.protocol.message.ListTransactionsRequest;
import io.sluice.protocol.message.ListTransactionsResponse;
import io.sluice.storage.api.ProducerStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the doctor looks at in transactions: those that are open for longer than they may be, and those that hang, that is, are open in a partition while no
 * coordinator knows of them (KIP-664), so that nobody will ever end them.
 */
final class TransactionChecks implements HealthCheck {
    /** The coordinator looks for those that are over every ten seconds. */
    static final long GRACE_MS = 30_000L;

    private static final int PARTITIONS_MAX = 2_000;
    private static final int FINDINGS_MAX = 20;
    private static final Set<String> ONGOING = Set.of("Ongoing", "PrepareCommit", "PrepareAbort", "PrepareEpochFence");

    private final BrokerAccess access;
    private final LongSupplier nowMs;

    /** @param nowMs milliseconds since the epoch */
    TransactionChecks(BrokerAccess access, LongSupplier nowMs) {
        this.access = access;
        this.nowMs = nowMs;
    }

    private record Open(TopicPartition partition, long producerId, long startOffset) {}

    @Override
    public List<Finding> look() {
        Partitions partitions = access.partitions.get();
        if (access.client.get() == null || partitions == null) {
            return List.of(); // another check says that it does not serve yet
        }
        List<Finding> findings = new ArrayList<>();
        try {
            List<Open> open = open(partitions);
            List<TransactionState> known = describe();
            overdue(known, findings);
            hanging(open, known, partitions, findings);
        } catch (CommandException e) {
            findings.add(Finding.warning(
                    "transactions",
                    "they could not be looked at: " + e.getMessage(),
                    "plugin:list shows which part is absent"));
        }
        return findings;
    }

    /** Those that have lasted a while, as the partitions know them. */
    private List<Open> open(Partitions partitions) {
        List<Open> all = new ArrayList<>();
        int looked = 0;
        for (PartitionStatus status : partitions.statuses()) {
            if (status.standing() != PartitionStanding.ONLINE || status.logEndOffset() == status.logStartOffset()) {
                continue;
            }
            if (looked++ == PARTITIONS_MAX) {
                return all;
            }
            TopicPartition partition = status.partition().topicPartition();
            for (ProducerStatus producer : partitions.producers(partition).producers()) {
                if (producer.currentTxnStartOffset() >= 0L
                        && nowMs.getAsLong() - producer.lastTimestampMs() > GRACE_MS) {
                    all.add(new Open(partition, producer.producerId(), producer.currentTxnStartOffset()));
                }
            }
        }
        return all;
    }

    private List<TransactionState> describe() throws CommandException {
        ListTransactionsResponse listed = access.send(
                ApiKey.LIST_TRANSACTIONS,
                new ListTransactionsRequest().setStateFilters(List.copyOf(ONGOING)),
                ListTransactionsResponse.class);
        Answers.require(listed.errorCode(), "the transactions cannot be listed");
        if (listed.transactionStates().isEmpty()) {
            return List.of();
        }
        List<String> ids = listed.transactionStates().stream()
                .map(ListTransactionsResponse.TransactionState::transactionalId)
                .toList();
        List<TransactionState> known = new ArrayList<>();
        for (TransactionState state : access.send(
                        ApiKey.DESCRIBE_TRANSACTIONS,
                        new DescribeTransactionsRequest().setTransactionalIds(ids),
                        DescribeTransactionsResponse.class)
                .transactionStates()) {
            if (state.errorCode() == ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code()) {
                continue; // it was removed meanwhile
            }
            // What a coordinator does not tell now, it may know: nothing may be taken for hanging then.
            Answers.require(state.errorCode(), state.transactionalId() + " cannot be described");
            if (ONGOING.contains(state.transactionState())) {
                known.add(state);
            }
        }
        return known;
    }

    private void overdue(List<TransactionState> known, List<Finding> findings) {
        for (TransactionState state : known) {
            long openMs = state.transactionStartTimeMs() < 0L ? 0L : nowMs.getAsLong() - state.transactionStartTimeMs();
            if (openMs > state.transactionTimeoutMs() + GRACE_MS && findings.size() < FINDINGS_MAX) {
                findings.add(Finding.error(
                        "transaction " + state.transactionalId(),
                        "it has been open for " + openMs / 1_000L + " s (" + state.transactionState()
                                + ") and may be for " + state.transactionTimeoutMs() / 1_000L
                                + " s; readers of committed records wait for its end",
                        "txn:describe " + state.transactionalId()
                                + " shows it; log:tail shows why its coordinator does not end it"));
            }
        }
    }

    private static void hanging(
            List<Open> open, List<TransactionState> known, Partitions partitions, List<Finding> findings) {
        Map<Long, Set<TopicPartition>> ongoing = new HashMap<>();
        for (TransactionState state : known) {
            Set<TopicPartition> of = ongoing.computeIfAbsent(state.producerId(), id -> new HashSet<>());
            state.topics().forEach(topic -> topic.partitions()
                    .forEach(partition -> of.add(new TopicPartition(topic.topic(), partition))));
        }
        int told = 0;
        for (Open one : open) {
            boolean isKnown = ongoing.getOrDefault(one.producerId, Set.of()).contains(one.partition);
            // it may have ended since: the coordinator was asked after the partition
            if (isKnown || !isStillOpen(one, partitions)) {
                continue;
            }
            if (told++ == FINDINGS_MAX) {
                findings.add(
                        Finding.error("transactions", "there are more that hang", "mend these first, and look again"));
                return;
            }
            findings.add(Finding.error(
                    one.partition.toString(),
                    "a transaction of producer " + one.producerId + " hangs since offset " + one.startOffset
                            + ": no coordinator knows of it, and readers of committed records wait for its end",
                    "txn:abort " + one.partition.topic() + " " + one.partition.partition() + " --from "
                            + one.startOffset));
        }
    }

    private static boolean isStillOpen(Open one, Partitions partitions) {
        @Nullable ProducerStatus now = null;
        for (ProducerStatus producer : partitions.producers(one.partition).producers()) {
            if (producer.producerId() == one.producerId) {
                now = producer;
            }
        }
        return now != null && now.currentTxnStartOffset() == one.startOffset;
    }
}
