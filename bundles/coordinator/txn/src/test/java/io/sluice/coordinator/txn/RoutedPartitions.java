package io.sluice.coordinator.txn;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOrigin;
import io.sluice.broker.api.AppendOutcome;
import io.sluice.broker.api.AppendTicket;
import io.sluice.broker.api.DeleteRecordsOutcome;
import io.sluice.broker.api.EpochEndOutcome;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.LeadershipListener;
import io.sluice.broker.api.OffsetOutcome;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.Partitions;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.request.api.Wakeup;
import io.sluice.storage.api.LogDirectory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The partitions of several topics, each simulated by itself. */
final class RoutedPartitions implements Partitions {
    private final Map<String, SimulatedPartitions> topics = new HashMap<>();
    private final List<AppendEntry> appended = new ArrayList<>();

    void add(String topic, SimulatedPartitions partitions) {
        topics.put(topic, partitions);
    }

    void remove(String topic) {
        topics.remove(topic);
    }

    /** What was appended, in order, as it came. */
    List<AppendEntry> appended() {
        return appended;
    }

    @Override
    public AppendTicket append(List<AppendEntry> entries, short acks, int timeoutMs, AppendOrigin origin) {
        AppendTicket ticket = new AppendTicket(entries);
        for (int i = 0; i < entries.size(); i++) {
            AppendEntry entry = entries.get(i);
            SimulatedPartitions topic = topics.get(entry.partition().topic());
            int index = i;
            if (topic == null) {
                ticket.complete(index, AppendOutcome.refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, null));
                continue;
            }
            appended.add(entry);
            AppendTicket one = topic.append(List.of(entry), acks, timeoutMs, origin);
            one.whenComplete(() -> ticket.complete(index, one.outcome(0)));
        }
        return ticket;
    }

    @Override
    public FetchOutcome fetch(FetchPosition position, int maxBytes, boolean minOneBatch) {
        SimulatedPartitions topic = topics.get(position.partition().topic());
        return topic == null
                ? FetchOutcome.refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
                : topic.fetch(position, maxBytes, minOneBatch);
    }

    @Override
    public @Nullable PartitionStatus status(TopicPartition partition) {
        SimulatedPartitions topic = topics.get(partition.topic());
        return topic == null ? null : topic.status(partition);
    }

    @Override
    public List<PartitionStatus> statuses() {
        List<PartitionStatus> all = new ArrayList<>();
        topics.values().forEach(topic -> all.addAll(topic.statuses()));
        return all;
    }

    @Override
    public Registration onLeadership(String topic, LeadershipListener listener) {
        return java.util.Objects.requireNonNull(topics.get(topic)).onLeadership(topic, listener);
    }

    @Override
    public void watch(Collection<FetchPosition> positions, int minBytes, Wakeup wakeup) {
        throw new UnsupportedOperationException("coordinators do not watch");
    }

    @Override
    public OffsetOutcome offsetFor(
            TopicPartition partition, int currentLeaderEpoch, long timestamp, boolean readCommitted) {
        throw new UnsupportedOperationException("coordinators do not list offsets");
    }

    @Override
    public EpochEndOutcome endOffsetFor(TopicPartition partition, int currentLeaderEpoch, int epoch) {
        throw new UnsupportedOperationException("coordinators do not ask for epochs");
    }

    @Override
    public CompletableFuture<DeleteRecordsOutcome> deleteRecords(TopicPartition partition, long offset) {
        throw new UnsupportedOperationException("coordinators do not delete records");
    }

    @Override
    public List<LogDirectory> logDirectories() {
        return List.of();
    }
}
