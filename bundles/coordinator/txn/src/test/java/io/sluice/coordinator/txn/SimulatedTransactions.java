package io.sluice.coordinator.txn;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.TopicNames;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.coordinator.txn.state.IdentityOutcome;
import io.sluice.coordinator.txn.state.ProducerClaim;
import io.sluice.protocol.message.DescribeTransactionsResponse;
import io.sluice.protocol.message.EndTxnRequest;
import io.sluice.protocol.message.InitProducerIdRequest;
import io.sluice.protocol.record.ControlRecordType;
import io.sluice.protocol.record.RecordBatchIterator;
import io.sluice.protocol.record.RecordReader;
import io.sluice.request.kit.MemoryController;
import io.sluice.request.kit.MemoryMetadata;
import java.util.ArrayList;
import java.util.List;

/** The transaction coordinator of one broker, and the partitions that producers write to, in simulated time. */
final class SimulatedTransactions {
    static final String ID = "transfers";
    static final String TOPIC = "accounts";
    static final int TIMEOUT_MS = 60_000;
    static final short V1 = 0;
    static final short V2 = 2;

    final SimulatedScheduler scheduler;
    final SimulatedBroker broker;
    final MemoryMetadata metadata = new MemoryMetadata();
    final MemoryController controller = new MemoryController(metadata);
    final RoutedPartitions partitions = new RoutedPartitions();
    final SimulatedPartitions states;
    final SimulatedPartitions data;
    ShardedTransactionCoordinator coordinator;
    private int epoch = 1;

    /** A marker as it lies in a partition. */
    record Marker(int partition, long producerId, short epoch, boolean committed, int coordinatorEpoch) {}

    SimulatedTransactions(long seed) {
        this.scheduler = new SimulatedScheduler(RandomSource.seeded(seed));
        this.broker = new SimulatedBroker(scheduler);
        this.states = topic(TopicNames.TRANSACTION_STATE, 2);
        this.data = topic(TOPIC, 4);
        this.coordinator = newCoordinator();
        coordinator.start();
        scheduler.runUntilIdle();
    }

    SimulatedPartitions topic(String name, int count) {
        SimulatedPartitions topic = new SimulatedPartitions(name, count, scheduler);
        for (int i = 0; i < count; i++) {
            topic.elect(i, epoch);
        }
        metadata.topic(name, count);
        partitions.add(name, topic);
        return topic;
    }

    private ShardedTransactionCoordinator newCoordinator() {
        return new ShardedTransactionCoordinator(broker, partitions, metadata, controller);
    }

    /** As if the bundle was updated, or the broker killed: everybody who waits is refused, and the state comes from the log. */
    void restart() {
        coordinator.beginClose();
        scheduler.runUntilIdle();
        states.resign(0);
        states.resign(1);
        epoch++;
        states.elect(0, epoch);
        states.elect(1, epoch);
        coordinator = newCoordinator();
        coordinator.start();
        scheduler.advance(50);
    }

    static TopicPartition partition(int index) {
        return new TopicPartition(TOPIC, index);
    }

    static List<TopicPartition> some(int... indexes) {
        List<TopicPartition> some = new ArrayList<>();
        for (int index : indexes) {
            some.add(partition(index));
        }
        return some;
    }

    // ---- requests

    Pending<IdentityOutcome> initLater(String id, long producerId, int producerEpoch) {
        Pending<IdentityOutcome> pending = new Pending<>();
        coordinator.init(
                new InitProducerIdRequest()
                        .setTransactionalId(id)
                        .setTransactionTimeoutMs(TIMEOUT_MS)
                        .setProducerId(producerId)
                        .setProducerEpoch((short) producerEpoch),
                pending);
        return pending;
    }

    IdentityOutcome init(String id) {
        return init(id, -1L, -1);
    }

    IdentityOutcome init(String id, long producerId, int producerEpoch) {
        Pending<IdentityOutcome> pending = initLater(id, producerId, producerEpoch);
        scheduler.advance(1);
        return pending.outcome();
    }

    Pending<ErrorCode> addLater(IdentityOutcome producer, short version, int... indexes) {
        Pending<ErrorCode> pending = new Pending<>();
        ProducerClaim claim = new ProducerClaim(ID, producer.producerId(), producer.producerEpoch());
        coordinator.submit(ID, pending, (shard, turn) -> shard.add(turn, claim, some(indexes), version, pending));
        return pending;
    }

    ErrorCode add(IdentityOutcome producer, short version, int... indexes) {
        Pending<ErrorCode> pending = addLater(producer, version, indexes);
        scheduler.advance(1);
        return pending.outcome();
    }

    List<ErrorCode> verify(IdentityOutcome producer, int... indexes) {
        Pending<List<ErrorCode>> pending = new Pending<>();
        ProducerClaim claim = new ProducerClaim(ID, producer.producerId(), producer.producerEpoch());
        coordinator.submit(ID, pending, (shard, turn) -> shard.verify(turn, claim, some(indexes), pending));
        scheduler.advance(1);
        return pending.outcome();
    }

    Pending<IdentityOutcome> endLater(IdentityOutcome producer, boolean commit, short version) {
        Pending<IdentityOutcome> pending = new Pending<>();
        coordinator.end(
                new EndTxnRequest()
                        .setTransactionalId(ID)
                        .setProducerId(producer.producerId())
                        .setProducerEpoch(producer.producerEpoch())
                        .setCommitted(commit),
                version,
                pending);
        return pending;
    }

    IdentityOutcome end(IdentityOutcome producer, boolean commit, short version) {
        Pending<IdentityOutcome> pending = endLater(producer, commit, version);
        scheduler.advance(1);
        return pending.outcome();
    }

    DescribeTransactionsResponse.TransactionState describe(String id) {
        Pending<DescribeTransactionsResponse.TransactionState> pending = new Pending<>();
        coordinator.submit(id, pending, (shard, turn) -> turn.answer(pending, shard.describe(id)));
        scheduler.runUntilIdle();
        return pending.outcome();
    }

    String state() {
        return describe(ID).transactionState();
    }

    // ---- what lies in the logs

    List<Marker> markers() {
        List<Marker> markers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            RecordBatchIterator batches = new RecordBatchIterator(data.log(i).bytes());
            RecordReader reader = new RecordReader();
            while (batches.next()) {
                reader.reset(batches.batch());
                if (!batches.batch().isControl() || !reader.next()) {
                    continue;
                }
                java.nio.ByteBuffer value = java.util.Objects.requireNonNull(reader.value());
                markers.add(new Marker(
                        i,
                        batches.batch().producerId(),
                        batches.batch().producerEpoch(),
                        ControlRecordType.ofKey(reader.key()) == ControlRecordType.COMMIT,
                        value.getInt(value.position() + Short.BYTES)));
            }
        }
        return markers;
    }
}
