package io.sluice.admin.commands;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOrigin;
import io.sluice.broker.api.AppendOutcome;
import io.sluice.broker.api.AppendTicket;
import io.sluice.broker.api.DeleteRecordsOutcome;
import io.sluice.broker.api.EpochEndOutcome;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.LeadershipListener;
import io.sluice.broker.api.LocalClient;
import io.sluice.broker.api.OffsetOutcome;
import io.sluice.broker.api.PartitionStanding;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.ProducersOutcome;
import io.sluice.broker.api.SpecialTimestamp;
import io.sluice.cluster.api.BrokerImage;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataListener;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.Message;
import io.sluice.protocol.record.RecordBatchIterator;
import io.sluice.request.api.Wakeup;
import io.sluice.storage.api.LogDirectory;
import io.sluice.storage.api.ProducerStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A broker in memory: topics that exist, batches that were appended, and scripted answers to requests. For one thread. */
final class BrokerFake implements Partitions, MetadataSource, LocalClient {
    private final Map<String, TopicImage> topics = new TreeMap<>();
    private final Map<TopicPartition, List<ByteBuffer>> logs = new TreeMap<>();
    private final Map<TopicPartition, Long> ends = new TreeMap<>();
    private final Map<ApiKey, Function<Message, Message>> answers = new EnumMap<>(ApiKey.class);
    private final List<Message> sent = new ArrayList<>();
    private final Map<TopicPartition, List<ProducerStatus>> producers = new TreeMap<>();
    private int unavailableReads;

    BrokerAccess access() {
        BrokerAccess access = new BrokerAccess();
        access.partitions.set(this);
        access.metadata.set(this);
        access.client.set(this);
        return access;
    }

    void topic(String name, int partitions) {
        List<PartitionImage> images = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            images.add(new PartitionImage(i, List.of(1), List.of(1), 1, 0, 0, List.of(Uuid.ZERO)));
        }
        topics.put(name, new TopicImage(name, new Uuid(1, topics.size() + 1), images));
    }

    <M extends Message> void answer(ApiKey api, Class<M> type, Function<M, Message> answer) {
        answers.put(api, request -> answer.apply(type.cast(request)));
    }

    List<Message> sent() {
        return sent;
    }

    /** The partition has so many records, whatever they are. */
    void end(TopicPartition partition, long offset) {
        ends.put(partition, offset);
    }

    void producers(TopicPartition partition, ProducerStatus... present) {
        producers.put(partition, List.of(present));
    }

    @Override
    public ProducersOutcome producers(TopicPartition partition) {
        return new ProducersOutcome(ErrorCode.NONE, producers.getOrDefault(partition, List.of()));
    }

    /** The next reads find the partition without a leader. */
    void unavailableReads(int count) {
        unavailableReads = count;
    }

    @Override
    public CompletableFuture<Message> send(ApiKey api, short version, Message request) {
        sent.add(request);
        Function<Message, Message> answer = answers.get(api);
        return answer == null
                ? CompletableFuture.failedFuture(new java.io.IOException("nobody answers " + api.apiName()))
                : CompletableFuture.completedFuture(answer.apply(request));
    }

    @Override
    public AppendTicket append(List<AppendEntry> entries, short acks, int timeoutMs, AppendOrigin origin) {
        AppendTicket ticket = new AppendTicket(entries);
        for (int i = 0; i < entries.size(); i++) {
            TopicPartition partition = entries.get(i).partition();
            ByteBuffer batches = entries.get(i).batches();
            long base = ends.getOrDefault(partition, 0L);
            RecordBatchIterator iterator = new RecordBatchIterator(batches);
            iterator.next();
            iterator.batch().setBaseOffset(base);
            long next = iterator.batch().nextOffset();
            ends.put(partition, next);
            logs.computeIfAbsent(partition, ignored -> new ArrayList<>()).add(batches);
            ticket.complete(i, new AppendOutcome(ErrorCode.NONE, base, next - 1, -1L, 0L, List.of(), null));
        }
        return ticket;
    }

    @Override
    public FetchOutcome fetch(FetchPosition position, int maxBytes, boolean minOneBatch) {
        if (unavailableReads > 0) {
            unavailableReads--;
            return FetchOutcome.refused(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        }
        TopicPartition partition = position.partition().topicPartition();
        for (ByteBuffer batch : logs.getOrDefault(partition, List.of())) {
            RecordBatchIterator iterator = new RecordBatchIterator(batch);
            if (iterator.next() && iterator.batch().lastOffset() >= position.offset()) {
                return outcome(partition, batch.duplicate());
            }
        }
        return outcome(partition, ByteBuffer.allocate(0));
    }

    private FetchOutcome outcome(TopicPartition partition, ByteBuffer batch) {
        long end = ends.getOrDefault(partition, 0L);
        return new FetchOutcome(ErrorCode.NONE, end, end, 0L, -1, -1L, new ByteBufferRecords(batch));
    }

    @Override
    public void watch(Collection<FetchPosition> positions, int minBytes, Wakeup wakeup) {
        wakeup.fire();
    }

    @Override
    public OffsetOutcome offsetFor(
            TopicPartition partition, int currentLeaderEpoch, long timestamp, boolean readCommitted) {
        long offset = timestamp == SpecialTimestamp.EARLIEST ? 0L : ends.getOrDefault(partition, 0L);
        return new OffsetOutcome(ErrorCode.NONE, -1L, offset, 0);
    }

    @Override
    public EpochEndOutcome endOffsetFor(TopicPartition partition, int currentLeaderEpoch, int leaderEpoch) {
        throw new UnsupportedOperationException("no command asks for it");
    }

    @Override
    public CompletableFuture<DeleteRecordsOutcome> deleteRecords(TopicPartition partition, long offset) {
        throw new UnsupportedOperationException("no command asks for it");
    }

    @Override
    public List<PartitionStatus> statuses() {
        List<PartitionStatus> statuses = new ArrayList<>();
        topics.values().forEach(topic -> topic.partitions()
                .forEach(partition -> statuses.add(status(new TopicPartition(topic.name(), partition.partition())))));
        return statuses;
    }

    @Override
    public PartitionStatus status(TopicPartition partition) {
        long end = ends.getOrDefault(partition, 0L);
        return new PartitionStatus(
                new TopicIdPartition(Uuid.ZERO, partition),
                "segment",
                PartitionStanding.ONLINE,
                null,
                0,
                0L,
                end,
                end,
                0L,
                null);
    }

    @Override
    public List<LogDirectory> logDirectories() {
        return List.of();
    }

    @Override
    public Registration onLeadership(String topic, LeadershipListener listener) {
        return () -> {};
    }

    @Override
    public Subscription subscribe(MetadataListener listener) {
        return () -> {};
    }

    @Override
    public MetadataImage image() {
        return new MetadataImage() {
            @Override
            public long offset() {
                return 0L;
            }

            @Override
            public int epoch() {
                return 0;
            }

            @Override
            public int controllerId() {
                return 1;
            }

            @Override
            public Map<Integer, BrokerImage> brokers() {
                return Map.of();
            }

            @Override
            public Collection<TopicImage> topics() {
                return topics.values();
            }

            @Override
            public @Nullable TopicImage topic(String name) {
                return topics.get(name);
            }

            @Override
            public @Nullable TopicImage topic(Uuid id) {
                for (TopicImage topic : topics.values()) {
                    if (topic.id().equals(id)) {
                        return topic;
                    }
                }
                return null;
            }

            @Override
            public Map<String, String> config(ConfigResource resource) {
                return Map.of();
            }

            @Override
            public Map<String, Short> features() {
                return Map.of();
            }
        };
    }
}
