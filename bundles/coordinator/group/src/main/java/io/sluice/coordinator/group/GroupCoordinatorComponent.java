package io.sluice.coordinator.group;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.TransactionEnd;
import io.sluice.broker.api.TransactionEndReceiver;
import io.sluice.broker.api.metrics.CoordinatorLoads;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.coordinator.api.ConsumerAssignor;
import io.sluice.coordinator.api.GroupKind;
import io.sluice.coordinator.api.GroupKindState;
import io.sluice.coordinator.api.GroupKinds;
import io.sluice.coordinator.api.KindWork;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Work;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the coordinator with its bundle, and stops it within the time that an update allows. Kinds of groups come and go meanwhile. */
@Component(
        service = {GroupCoordinator.class, GroupKinds.class, TransactionEndReceiver.class, CoordinatorLoads.class},
        immediate = true)
public final class GroupCoordinatorComponent
        implements GroupCoordinator, GroupKinds, TransactionEndReceiver, CoordinatorLoads {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCoordinatorComponent.class);
    private static final long KIND_TIMEOUT_MS = 3_000L;

    private final ShardedGroupCoordinator coordinator;

    @Activate
    public GroupCoordinatorComponent(
            @Reference Broker broker, @Reference Partitions partitions, @Reference MetadataSource metadata) {
        coordinator = new ShardedGroupCoordinator(broker, partitions, metadata);
    }

    /** Kinds that are there already have been bound by now. */
    @Activate
    void start() {
        coordinator.start();
    }

    @Deactivate
    void deactivate() {
        coordinator.close();
    }

    @Override
    public String coordinator() {
        return "group";
    }

    @Override
    public double longestLoadMs() {
        return coordinator.loadTimes().longestMs();
    }

    @Override
    public double averageLoadMs() {
        return coordinator.loadTimes().averageMs();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addKind(GroupKind<?> kind) {
        coordinator.addKind(kind);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addAssignor(ConsumerAssignor assignor) {
        coordinator.assignors().add(assignor);
    }

    void removeAssignor(ConsumerAssignor assignor) {
        coordinator.assignors().remove(assignor);
    }

    /** The bundle of a kind may stop when its states are in use no more. */
    void removeKind(GroupKind<?> kind) {
        CompletableFuture<Void> gone = coordinator.removeKind(kind);
        try {
            gone.get(KIND_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("the states of {} were not given up in time", kind.getClass());
        } catch (ExecutionException e) {
            LOG.error("the states of {} could not be given up", kind.getClass(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void submit(String groupId, Reply<?> reply, Work<GroupShard, GroupRecord> work) {
        coordinator.submit(groupId, reply, work);
    }

    @Override
    public void submit(int partition, Reply<?> reply, Work<GroupShard, GroupRecord> work) {
        coordinator.submit(partition, reply, work);
    }

    @Override
    public <S extends GroupKindState> void submit(GroupKind<S> kind, String groupId, Reply<?> reply, KindWork<S> work) {
        coordinator.submit(kind, groupId, reply, work);
    }

    @Override
    public <S extends GroupKindState> void submit(GroupKind<S> kind, int partition, Reply<?> reply, KindWork<S> work) {
        coordinator.submit(kind, partition, reply, work);
    }

    @Override
    public int partitionOf(String groupId) {
        return coordinator.partitionOf(groupId);
    }

    @Override
    public List<Integer> partitions() {
        return coordinator.partitions();
    }

    @Override
    public String topic() {
        return coordinator.topic();
    }

    @Override
    public CompletableFuture<ErrorCode> end(TransactionEnd end) {
        return coordinator.end(end);
    }

    @Override
    public GroupConfig config() {
        return coordinator.config();
    }

    @Override
    public MetadataImage image() {
        return coordinator.image();
    }
}
