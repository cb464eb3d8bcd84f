package io.sluice.coordinator.share.state;

import io.sluice.base.ErrorCode;
import io.sluice.base.Scheduler;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.TopicNames;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataDelta;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.runtime.CoordinatorConfig;
import io.sluice.coordinator.runtime.CoordinatorRuntime;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.StateMachineFactory;
import io.sluice.coordinator.runtime.Work;
import io.sluice.protocol.compress.CompressionType;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The share coordinator of a broker: each share partition lives in the partition of {@code __share_group_state} that its key hashes to, as in Kafka.
 * Questions from within this process are asked again while it is away for a moment; those of requests are not.
 *
 * <p>The topic is not compacted. From time to time what later records have made useless is deleted from its start, after the little that is still of
 * use there has been written again at the end.
 */
public final class ShareStateCoordinator implements StatePersister, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShareStateCoordinator.class);

    private static final String TOPIC = TopicNames.SHARE_GROUP_STATE;
    private static final int BATCH_BYTES_DEFAULT = 1_048_588;
    private static final int LOAD_BYTES_DEFAULT = 5 * 1024 * 1024;
    private static final int WRITE_TIMEOUT_DEFAULT_MS = 5_000;
    private static final long LOAD_PATIENCE_MS = 1_000L;
    private static final long CLOSE_TIMEOUT_MS = 2_000L;
    private static final long TOPIC_DELETION_RETRY_MS = 500L;

    /** A log is rewritten when it has so many times as many records as there are share partitions in it, and some more. */
    private static final long RECORDS_PER_STATE = 4L;

    private static final long RECORDS_LEAST = 500L;

    private final Broker broker;
    private final Partitions partitions;
    private final MetadataSource metadata;
    private final StateTopic topic;
    private final CoordinatorRuntime<ShareStateShard, ShareStateRecord> runtime;
    private MetadataSource.@Nullable Subscription subscription;
    private Scheduler.Cancellable pruning = () -> {};
    private volatile boolean closed;

    public ShareStateCoordinator(Broker broker, Partitions partitions, MetadataSource metadata, StateTopic topic) {
        this.broker = broker;
        this.partitions = partitions;
        this.metadata = metadata;
        this.topic = topic;
        CompressionType compression = CompressionType.of(ShareStateConfig.number(
                broker::config, "share.coordinator.state.topic.compression.codec", CompressionType.NONE.id()));
        CoordinatorConfig config = new CoordinatorConfig(
                TOPIC,
                this::batchBytesMax,
                compression == null ? CompressionType.NONE : compression,
                ShareStateConfig.number(broker::config, "share.coordinator.load.buffer.size", LOAD_BYTES_DEFAULT),
                LOAD_PATIENCE_MS,
                ShareStateConfig.number(broker::config, "share.coordinator.write.timeout.ms", WRITE_TIMEOUT_DEFAULT_MS),
                CLOSE_TIMEOUT_MS);
        StateMachineFactory<ShareStateShard, ShareStateRecord> factory = (partition, timers) ->
                new ShareStateShard(metadata::image, () -> ShareStateConfig.from(broker::config));
        this.runtime = new CoordinatorRuntime<>(
                config, new ShareStateSerde(), factory, partitions, broker.scheduler(), broker.time());
    }

    public void start() {
        runtime.start();
        subscription = metadata.subscribe(this::changed);
        long interval = ShareStateConfig.from(broker::config).pruneIntervalMs();
        pruning = broker.scheduler().scheduleWithFixedDelay(interval, interval, this::prune);
    }

    @Override
    public void close() {
        beginClose();
        runtime.close();
    }

    /** Stops, without waiting for the end. */
    public CompletableFuture<Void> beginClose() {
        closed = true;
        pruning.cancel();
        if (subscription != null) {
            subscription.close();
        }
        return runtime.beginClose();
    }

    /** Hands an event to the state that holds the share partition; refused with {@code NOT_COORDINATOR} when it is not here. */
    public void submit(SharePartitionKey key, Reply<?> reply, Work<ShareStateShard, ShareStateRecord> work) {
        TopicImage image = metadata.image().topic(TOPIC);
        if (image == null) {
            topic.create();
            reply.refuse(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        } else {
            runtime.submit(key.partitionOf(image.partitions().size()), reply, work);
        }
    }

    @Override
    public void initialize(SharePartitionKey key, int stateEpoch, long startOffset, Reply<StateOutcome> reply) {
        ask(
                reply,
                again -> submit(key, again, (shard, turn) -> shard.begin(turn, key, stateEpoch, startOffset, again)));
    }

    @Override
    public void read(SharePartitionKey key, int leaderEpoch, Reply<ReadOutcome> reply) {
        ask(reply, again -> submit(key, again, (shard, turn) -> shard.read(turn, key, leaderEpoch, again)));
    }

    @Override
    public void write(SharePartitionKey key, StateChange change, Reply<StateOutcome> reply) {
        ask(reply, again -> submit(key, again, (shard, turn) -> shard.write(turn, key, change, again)));
    }

    @Override
    public void delete(SharePartitionKey key, Reply<StateOutcome> reply) {
        ask(reply, again -> submit(key, again, (shard, turn) -> shard.delete(turn, key, again)));
    }

    @Override
    public void summarize(SharePartitionKey key, Reply<SummaryOutcome> reply) {
        ask(reply, again -> submit(key, again, (shard, turn) -> shard.summarize(turn, key, again)));
    }

    private <T> void ask(Reply<T> reply, java.util.function.Consumer<Reply<T>> question) {
        if (closed) {
            reply.refuse(ErrorCode.NOT_COORDINATOR);
        } else {
            RetryingReply.ask(broker.scheduler(), reply, question, () -> closed);
        }
    }

    /** True when every partition of the topic that is led here is loaded. */
    public boolean isLoaded() {
        return runtime.partitions().stream().allMatch(runtime::isActive);
    }

    private int batchBytesMax() {
        String ofTopic = metadata.image()
                .config(new ConfigResource(ConfigResource.Type.TOPIC, TOPIC))
                .get("max.message.bytes");
        int ofBroker = ShareStateConfig.number(broker::config, "message.max.bytes", BATCH_BYTES_DEFAULT);
        return ShareStateConfig.number(key -> ofTopic, "max.message.bytes", ofBroker);
    }

    private void changed(MetadataDelta delta, MetadataImage image) {
        if (!delta.deletedTopics().isEmpty()) {
            for (int partition : runtime.partitions()) {
                forgetTopics(partition, delta);
            }
        }
    }

    private void forgetTopics(int partition, MetadataDelta delta) {
        Reply<Void> reply = new Unheard() {
            @Override
            public void refuse(ErrorCode error) {
                if (error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS && !closed) {
                    broker.scheduler().schedule(TOPIC_DELETION_RETRY_MS, () -> forgetTopics(partition, delta));
                }
            }
        };
        runtime.submit(
                partition,
                reply,
                (shard, turn) -> shard.topicsDeleted(turn, delta.deletedTopics().keySet()));
    }

    /** Deletes what is of no use from the start of each partition, where it is enough to be worth the effort. */
    void prune() {
        for (int partition : runtime.partitions()) {
            TopicPartition of = new TopicPartition(TOPIC, partition);
            PartitionStatus status = partitions.status(of);
            if (status == null || !runtime.isActive(partition)) {
                continue;
            }
            long length = status.logEndOffset() - status.logStartOffset();
            Reply<Long> reply = new Reply<>() {
                @Override
                public void answer(Long end) {
                    deleteBefore(of, end);
                }

                @Override
                public void refuse(ErrorCode error) {
                    LOG.debug("{} is not pruned now: {}", of, error);
                }
            };
            runtime.submit(partition, reply, (shard, turn) -> {
                PartitionStatus now = partitions.status(of);
                // What this turn and later ones write lies behind the end of now.
                if (now != null && length > RECORDS_LEAST + RECORDS_PER_STATE * shard.size() && shard.rewrite(turn)) {
                    turn.answer(reply, now.logEndOffset());
                }
            });
        }
    }

    private void deleteBefore(TopicPartition partition, long offset) {
        partitions.deleteRecords(partition, offset).whenComplete((outcome, failure) -> {
            if (failure != null || outcome.error() != ErrorCode.NONE) {
                LOG.warn(
                        "{} could not be pruned: {}",
                        partition,
                        failure == null ? outcome.error() : failure.toString());
            }
        });
    }

    /** Nobody waits for the outcome. */
    private abstract static class Unheard implements Reply<Void> {
        @Override
        public void answer(Void outcome) {}
    }

    /** The partitions whose states are here. */
    public List<Integer> partitions() {
        return runtime.partitions();
    }
}
