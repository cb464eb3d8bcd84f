package io.sluice.coordinator.txn;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.AdvertisedApi;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.ProducerIds;
import io.sluice.broker.api.TopicNames;
import io.sluice.broker.api.TransactionEndReceiver;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.runtime.CoordinatorConfig;
import io.sluice.coordinator.runtime.CoordinatorRuntime;
import io.sluice.coordinator.runtime.LoadTimes;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.StateMachineFactory;
import io.sluice.coordinator.runtime.Work;
import io.sluice.coordinator.txn.marker.MarkerAppends;
import io.sluice.coordinator.txn.marker.MarkerReceivers;
import io.sluice.coordinator.txn.marker.MarkerWriter;
import io.sluice.coordinator.txn.marker.Markers;
import io.sluice.coordinator.txn.marker.PartitionMarkers;
import io.sluice.coordinator.txn.state.IdentityOutcome;
import io.sluice.coordinator.txn.state.TransactionRecord;
import io.sluice.coordinator.txn.state.TransactionRecordSerde;
import io.sluice.coordinator.txn.state.TransactionShard;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.message.EndTxnRequest;
import io.sluice.protocol.message.InitProducerIdRequest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The transaction coordinator of a broker: each transactional id lives in the partition of {@code __transaction_state} that it hashes to, as in Kafka.
 *
 * <p>Configuration is read each time it is needed, so that a change holds from the next event on.
 */
public final class ShardedTransactionCoordinator implements TransactionCoordinator, AutoCloseable {
    /** The topic that holds the transactions. */
    public static final String TOPIC = TopicNames.TRANSACTION_STATE;

    private static final int BATCH_BYTES_DEFAULT = 1_048_588;
    private static final int LOAD_BYTES_DEFAULT = 5 * 1024 * 1024;
    private static final int OFFSETS_PARTITIONS_DEFAULT = 50;
    private static final int COMMIT_TIMEOUT_MS = 5_000;
    private static final int MARKER_TIMEOUT_MS = 30_000;
    private static final long LOAD_PATIENCE_MS = 1_000L;
    private static final long CLOSE_TIMEOUT_MS = 2_000L;
    /** In which a broker that starts, or a set of bundles that is installed, has all of its parts. */
    private static final long RECEIVERS_WAIT_NANOS = 30_000_000_000L;

    private final Broker broker;
    private final MetadataSource metadata;
    private final ProducerIds ids;
    private final MarkerReceivers receivers;
    private final MarkerAppends appends;
    private final CoordinatorRuntime<TransactionShard, TransactionRecord> runtime;
    private final Reports reports;
    private final long createdNanos;

    public ShardedTransactionCoordinator(
            Broker broker, Partitions partitions, MetadataSource metadata, Controller controller) {
        this.broker = broker;
        this.createdNanos = broker.time().nanoseconds();
        this.metadata = metadata;
        this.ids = new ProducerIds(controller, broker);
        this.receivers = new MarkerReceivers(this::hasReceiver);
        this.appends = new MarkerAppends(partitions, receivers, broker.scheduler(), broker.time(), MARKER_TIMEOUT_MS);
        MarkerWriter markers = new PartitionMarkers(appends, this::exists, broker.scheduler(), broker.time());
        CoordinatorConfig config = new CoordinatorConfig(
                TOPIC,
                this::batchBytesMax,
                CompressionType.NONE,
                TransactionConfig.number(broker::config, "transaction.state.log.load.buffer.size", LOAD_BYTES_DEFAULT),
                LOAD_PATIENCE_MS,
                COMMIT_TIMEOUT_MS,
                CLOSE_TIMEOUT_MS);
        AtomicLong tokens = new AtomicLong();
        StateMachineFactory<TransactionShard, TransactionRecord> factory = (partition, timers) -> new TransactionShard(
                timers,
                new Surroundings(markers, epochOf(partitions, partition), partition),
                tokens::incrementAndGet,
                () -> config().limits());
        this.runtime = new CoordinatorRuntime<>(
                config, new TransactionRecordSerde(), factory, partitions, broker.scheduler(), broker.time());
        this.reports = new Reports(runtime, broker.scheduler());
    }

    private final class Surroundings implements TransactionShard.Surroundings {
        private final MarkerWriter markers;
        private final int coordinatorEpoch;
        private final int partition;

        Surroundings(MarkerWriter markers, int coordinatorEpoch, int partition) {
            this.markers = markers;
            this.coordinatorEpoch = coordinatorEpoch;
            this.partition = partition;
        }

        @Override
        public MarkerWriter markers() {
            return markers;
        }

        @Override
        public int coordinatorEpoch() {
            return coordinatorEpoch;
        }

        @Override
        public void markersWritten(String transactionalId, long token, Collection<TopicPartition> partitions) {
            reports.written(partition, transactionalId, token, partitions);
        }

        @Override
        public void wantsId(String transactionalId) {
            ids.next().whenComplete((grant, failure) -> {
                if (grant != null && grant.error() == ErrorCode.NONE) {
                    reports.spareId(partition, transactionalId, grant.producerId());
                }
            });
        }
    }

    private static int epochOf(Partitions partitions, int partition) {
        PartitionStatus status = partitions.status(new TopicPartition(TOPIC, partition));
        return status == null ? 0 : status.leaderEpoch();
    }

    public void start() {
        runtime.start();
    }

    @Override
    public void close() {
        runtime.close();
    }

    /** Stops, without waiting for the end. */
    public CompletableFuture<Void> beginClose() {
        return runtime.beginClose();
    }

    /** A coordinator that keeps state which the ends of transactions change has come. */
    public void receiverAdded(TransactionEndReceiver receiver) {
        receivers.add(receiver);
    }

    public void receiverRemoved(TransactionEndReceiver receiver) {
        receivers.remove(receiver);
    }

    @Override
    public void submit(String transactionalId, Reply<?> reply, Work<TransactionShard, TransactionRecord> work) {
        TopicImage topic = metadata.image().topic(TOPIC);
        if (topic == null) {
            reply.refuse(ErrorCode.NOT_COORDINATOR);
        } else {
            submit(partitionOf(transactionalId, topic.partitions().size()), reply, work);
        }
    }

    @Override
    public void submit(int partition, Reply<?> reply, Work<TransactionShard, TransactionRecord> work) {
        runtime.submit(partition, reply, work);
    }

    @Override
    public List<Integer> partitions() {
        return runtime.partitions();
    }

    /** The partition that holds an id. */
    public static int partitionOf(String id, int partitionCount) {
        int hash = id.hashCode();
        return (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % partitionCount;
    }

    /** True when every partition of the topic that is led here is loaded. */
    public boolean isLoaded() {
        return runtime.partitions().stream().allMatch(runtime::isActive);
    }

    LoadTimes loadTimes() {
        return runtime.loadTimes();
    }

    /** Gives a producer its id and epoch; the timeout in the request has been checked. */
    public void init(InitProducerIdRequest asked, Reply<IdentityOutcome> reply) {
        String id = java.util.Objects.requireNonNull(asked.transactionalId());
        withSpareId(
                reply,
                (spareId, answer) -> submit(id, answer, (shard, turn) -> shard.init(turn, asked, spareId, answer)));
    }

    @Override
    public void end(EndTxnRequest asked, short version, Reply<IdentityOutcome> reply) {
        withSpareId(
                reply,
                (spareId, answer) -> submit(
                        asked.transactionalId(),
                        answer,
                        (shard, turn) -> shard.end(turn, asked, version, spareId, answer)));
    }

    private interface Attempt {
        void run(long spareId, Reply<IdentityOutcome> answer);
    }

    /** A new producer id is asked for only when it turns out to be needed. */
    private void withSpareId(Reply<IdentityOutcome> reply, Attempt attempt) {
        attempt.run(-1L, new Reply<>() {
            @Override
            public void answer(IdentityOutcome outcome) {
                if (!outcome.isWithoutId()) {
                    reply.answer(outcome);
                    return;
                }
                ids.next().whenComplete((grant, failure) -> {
                    if (grant == null || grant.error() != ErrorCode.NONE) {
                        reply.refuse(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
                    } else {
                        attempt.run(grant.producerId(), reply);
                    }
                });
            }

            @Override
            public void refuse(ErrorCode error) {
                reply.refuse(error);
            }
        });
    }

    @Override
    public CompletableFuture<Map<TopicPartition, ErrorCode>> writeMarkers(Markers markers) {
        return appends.append(markers);
    }

    @Override
    public TopicPartition offsetsPartition(String groupId) {
        TopicImage topic = metadata.image().topic(TopicNames.CONSUMER_OFFSETS);
        int count = topic != null
                ? topic.partitions().size()
                : TransactionConfig.number(broker::config, "offsets.topic.num.partitions", OFFSETS_PARTITIONS_DEFAULT);
        return new TopicPartition(TopicNames.CONSUMER_OFFSETS, partitionOf(groupId, count));
    }

    @Override
    public TransactionConfig config() {
        return TransactionConfig.from(broker::config);
    }

    @Override
    public MetadataImage image() {
        return metadata.image();
    }

    private boolean exists(TopicPartition partition) {
        return metadata.image().partition(partition) != null;
    }

    private boolean hasReceiver(String topic) {
        if (!topic.equals(TopicNames.CONSUMER_OFFSETS)) {
            return false;
        }
        if (broker.time().nanoseconds() - createdNanos < RECEIVERS_WAIT_NANOS) {
            return true; // it may be loading its state already, and not be known yet
        }
        for (AdvertisedApi advertised : broker.advertisedApis()) {
            if (advertised.api() == ApiKey.TXN_OFFSET_COMMIT) {
                return true;
            }
        }
        return false;
    }

    private int batchBytesMax() {
        String ofTopic = metadata.image()
                .config(new ConfigResource(ConfigResource.Type.TOPIC, TOPIC))
                .get("max.message.bytes");
        int ofBroker = TransactionConfig.number(broker::config, "message.max.bytes", BATCH_BYTES_DEFAULT);
        return TransactionConfig.number(key -> ofTopic, "max.message.bytes", ofBroker);
    }
}
