package io.sluice.coordinator.group;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.TopicNames;
import io.sluice.broker.api.TransactionEnd;
import io.sluice.broker.api.TransactionEndReceiver;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataDelta;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.api.GroupKind;
import io.sluice.coordinator.api.GroupKindState;
import io.sluice.coordinator.api.GroupKinds;
import io.sluice.coordinator.api.KindWork;
import io.sluice.coordinator.group.assignor.Assignors;
import io.sluice.coordinator.group.kind.KindsInUse;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.group.record.GroupRecordSerde;
import io.sluice.coordinator.runtime.CoordinatorConfig;
import io.sluice.coordinator.runtime.CoordinatorRuntime;
import io.sluice.coordinator.runtime.LoadTimes;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.StateMachineFactory;
import io.sluice.coordinator.runtime.Work;
import io.sluice.protocol.compress.CompressionType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The group coordinator of a broker: each group lives in the partition of {@code __consumer_offsets} that its id hashes to, as in Kafka.
 *
 * <p>Configuration is read each time it is needed, so that a change holds from the next event on.
 */
public final class ShardedGroupCoordinator
        implements GroupCoordinator, GroupKinds, TransactionEndReceiver, AutoCloseable {
    /** The topic that holds the groups. */
    public static final String TOPIC = TopicNames.CONSUMER_OFFSETS;

    private static final int BATCH_BYTES_DEFAULT = 1_048_588;
    private static final int LOAD_BYTES_DEFAULT = 5 * 1024 * 1024;
    private static final int COMMIT_TIMEOUT_DEFAULT_MS = 5_000;
    private static final long LOAD_PATIENCE_MS = 1_000L;
    private static final long CLOSE_TIMEOUT_MS = 2_000L;
    private static final long TOPIC_DELETION_RETRY_MS = 500L;

    private static final Reply<Void> IGNORED = new Reply<>() {
        @Override
        public void answer(@Nullable Void outcome) {}

        @Override
        public void refuse(ErrorCode error) {}
    };

    private final Broker broker;
    private final MetadataSource metadata;
    private final KindsInUse kinds = new KindsInUse();
    private final Assignors assignors;
    private final CoordinatorRuntime<GroupShard, GroupRecord> runtime;
    private MetadataSource.@Nullable Subscription subscription;
    private volatile boolean closed;

    public ShardedGroupCoordinator(Broker broker, Partitions partitions, MetadataSource metadata) {
        this.broker = broker;
        this.metadata = metadata;
        CompressionType compression =
                CompressionType.of(GroupConfig.number(broker::config, "offsets.topic.compression.codec", 0));
        CoordinatorConfig config = new CoordinatorConfig(
                TOPIC,
                this::batchBytesMax,
                compression == null ? CompressionType.NONE : compression,
                GroupConfig.number(broker::config, "offsets.load.buffer.size", LOAD_BYTES_DEFAULT),
                LOAD_PATIENCE_MS,
                GroupConfig.number(broker::config, "offsets.commit.timeout.ms", COMMIT_TIMEOUT_DEFAULT_MS),
                CLOSE_TIMEOUT_MS);
        this.assignors = new Assignors(() -> broker.config("group.consumer.assignors"));
        GroupSettings settings = new GroupSettings(broker::config, metadata::image);
        StateMachineFactory<GroupShard, GroupRecord> factory = (partition, timers) ->
                new GroupShard(partition, timers, broker.random(), settings, assignors, kinds.used(), this::submit);
        this.runtime = new CoordinatorRuntime<>(
                config, new GroupRecordSerde(), factory, partitions, broker.scheduler(), broker.time());
    }

    public void start() {
        runtime.start();
        subscription = metadata.subscribe(this::changed);
    }

    @Override
    public void close() {
        beginClose();
        runtime.close();
    }

    /** Stops, without waiting for the end. */
    public CompletableFuture<Void> beginClose() {
        closed = true;
        if (subscription != null) {
            subscription.close();
        }
        return runtime.beginClose();
    }

    /**
     * Takes a kind of groups into use: the states of all partitions are loaded again with it.
     *
     * @return completed when no state without it is in use any more
     */
    public CompletableFuture<Void> addKind(GroupKind<?> kind) {
        return kinds.add(kind) ? runtime.reload() : CompletableFuture.completedFuture(null);
    }

    /**
     * Takes a kind of groups out of use.
     *
     * @return completed when no state of it is in use any more
     */
    public CompletableFuture<Void> removeKind(GroupKind<?> kind) {
        return kinds.remove(kind) ? runtime.reload() : CompletableFuture.completedFuture(null);
    }

    /** The assignors of consumer groups; others may be added. */
    public Assignors assignors() {
        return assignors;
    }

    @Override
    public int partitionOf(String groupId) {
        TopicImage topic = metadata.image().topic(TOPIC);
        return topic == null ? -1 : partitionOf(groupId, topic.partitions().size());
    }

    @Override
    public void submit(String groupId, Reply<?> reply, Work<GroupShard, GroupRecord> work) {
        int partition = partitionOf(groupId);
        if (partition < 0) {
            reply.refuse(ErrorCode.NOT_COORDINATOR);
        } else {
            submit(partition, reply, work);
        }
    }

    @Override
    public <S extends GroupKindState> void submit(GroupKind<S> kind, String groupId, Reply<?> reply, KindWork<S> work) {
        submit(groupId, reply, (shard, turn) -> shard.kinds().run(kind, turn, reply, work));
    }

    @Override
    public <S extends GroupKindState> void submit(GroupKind<S> kind, int partition, Reply<?> reply, KindWork<S> work) {
        submit(partition, reply, (shard, turn) -> shard.kinds().run(kind, turn, reply, work));
    }

    @Override
    public String topic() {
        return TOPIC;
    }

    @Override
    public CompletableFuture<ErrorCode> end(TransactionEnd end) {
        CompletableFuture<ErrorCode> done = new CompletableFuture<>();
        Reply<ErrorCode> reply = new Reply<>() {
            @Override
            public void answer(ErrorCode outcome) {
                done.complete(outcome);
            }

            @Override
            public void refuse(ErrorCode error) {
                done.complete(error);
            }
        };
        submit(end.partition(), reply, (shard, turn) -> turn.answer(reply, turn.writeEnd(end)));
        return done;
    }

    @Override
    public void submit(int partition, Reply<?> reply, Work<GroupShard, GroupRecord> work) {
        runtime.submit(partition, reply, work);
    }

    /** The partition that holds a group. */
    public static int partitionOf(String groupId, int partitionCount) {
        int hash = groupId.hashCode();
        return (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % partitionCount;
    }

    @Override
    public List<Integer> partitions() {
        return runtime.partitions();
    }

    /** How long it took to load partitions of the topic. */
    LoadTimes loadTimes() {
        return runtime.loadTimes();
    }

    /** True when every partition of the topic that is led here is loaded. */
    public boolean isLoaded() {
        return runtime.partitions().stream().allMatch(runtime::isActive);
    }

    @Override
    public GroupConfig config() {
        return GroupConfig.from(broker::config);
    }

    @Override
    public MetadataImage image() {
        return metadata.image();
    }

    private int batchBytesMax() {
        String ofTopic = metadata.image()
                .config(new ConfigResource(ConfigResource.Type.TOPIC, TOPIC))
                .get("max.message.bytes");
        int ofBroker = GroupConfig.number(broker::config, "message.max.bytes", BATCH_BYTES_DEFAULT);
        return GroupConfig.number(key -> ofTopic, "max.message.bytes", ofBroker);
    }

    private void changed(MetadataDelta delta, MetadataImage image) {
        if (delta.changedTopics().isEmpty() && delta.deletedTopics().isEmpty() && !delta.brokersChanged()) {
            return;
        }
        for (int partition : runtime.partitions()) {
            // What is loaded later looks at the topics anyway.
            runtime.submit(partition, IGNORED, (shard, turn) -> shard.topicsChanged(turn));
            if (!delta.deletedTopics().isEmpty()) {
                forgetTopics(partition, delta.deletedTopics());
            }
        }
    }

    private void forgetTopics(int partition, Map<Uuid, String> topics) {
        Reply<Void> reply = new Reply<>() {
            @Override
            public void answer(@Nullable Void outcome) {}

            @Override
            public void refuse(ErrorCode error) {
                if (error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS && !closed) {
                    broker.scheduler().schedule(TOPIC_DELETION_RETRY_MS, () -> forgetTopics(partition, topics));
                }
            }
        };
        runtime.submit(partition, reply, (shard, turn) -> shard.topicsDeleted(turn, topics));
    }
}
