package io.sluice.coordinator.txn;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.ProducerTransactions;
import io.sluice.broker.api.TransactionEndReceiver;
import io.sluice.broker.api.metrics.CoordinatorLoads;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Work;
import io.sluice.coordinator.txn.marker.Markers;
import io.sluice.coordinator.txn.state.IdentityOutcome;
import io.sluice.coordinator.txn.state.TransactionRecord;
import io.sluice.coordinator.txn.state.TransactionShard;
import io.sluice.protocol.message.EndTxnRequest;
import io.sluice.protocol.message.InitProducerIdRequest;
import io.sluice.protocol.message.InitProducerIdResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Starts the coordinator with its bundle, and stops it within the time that an update allows. */
@Component(
        service = {TransactionCoordinator.class, ProducerTransactions.class, CoordinatorLoads.class},
        immediate = true)
public final class TransactionCoordinatorComponent
        implements TransactionCoordinator, ProducerTransactions, CoordinatorLoads {
    private final ShardedTransactionCoordinator coordinator;
    private final ProducerTransactions producers;

    @Activate
    public TransactionCoordinatorComponent(
            @Reference Broker broker,
            @Reference Partitions partitions,
            @Reference MetadataSource metadata,
            @Reference Controller controller) {
        coordinator = new ShardedTransactionCoordinator(broker, partitions, metadata, controller);
        producers = new CoordinatedProducers(coordinator);
        coordinator.start();
    }

    @Deactivate
    void deactivate() {
        coordinator.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addReceiver(TransactionEndReceiver receiver) {
        coordinator.receiverAdded(receiver);
    }

    void removeReceiver(TransactionEndReceiver receiver) {
        coordinator.receiverRemoved(receiver);
    }

    @Override
    public String coordinator() {
        return "transaction";
    }

    @Override
    public double longestLoadMs() {
        return coordinator.loadTimes().longestMs();
    }

    @Override
    public double averageLoadMs() {
        return coordinator.loadTimes().averageMs();
    }

    @Override
    public CompletableFuture<InitProducerIdResponse> init(InitProducerIdRequest request) {
        return producers.init(request);
    }

    @Override
    public CompletableFuture<List<ErrorCode>> admit(Claim claim) {
        return producers.admit(claim);
    }

    @Override
    public void submit(String transactionalId, Reply<?> reply, Work<TransactionShard, TransactionRecord> work) {
        coordinator.submit(transactionalId, reply, work);
    }

    @Override
    public void submit(int partition, Reply<?> reply, Work<TransactionShard, TransactionRecord> work) {
        coordinator.submit(partition, reply, work);
    }

    @Override
    public List<Integer> partitions() {
        return coordinator.partitions();
    }

    @Override
    public void end(EndTxnRequest asked, short version, Reply<IdentityOutcome> reply) {
        coordinator.end(asked, version, reply);
    }

    @Override
    public CompletableFuture<Map<TopicPartition, ErrorCode>> writeMarkers(Markers markers) {
        return coordinator.writeMarkers(markers);
    }

    @Override
    public TopicPartition offsetsPartition(String groupId) {
        return coordinator.offsetsPartition(groupId);
    }

    @Override
    public TransactionConfig config() {
        return coordinator.config();
    }

    @Override
    public MetadataImage image() {
        return coordinator.image();
    }
}
