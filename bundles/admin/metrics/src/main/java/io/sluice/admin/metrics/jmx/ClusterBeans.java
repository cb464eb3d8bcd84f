package io.sluice.admin.metrics.jmx;

import io.sluice.broker.api.Broker;
import io.sluice.broker.api.PartitionStanding;
import io.sluice.broker.api.Partitions;
import io.sluice.cluster.api.BrokerImage;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import java.util.Objects;
import java.util.function.Predicate;

/** What Kafka's replica manager and its controller show. Everything but two rates is computed when it is asked for. */
final class ClusterBeans {
    private static final String REPLICAS = "kafka.server:type=ReplicaManager,name=";
    private static final String CONTROLLER = "kafka.controller:type=KafkaController,name=";
    private static final String MIN_IN_SYNC = "min.insync.replicas";

    private final Broker broker;
    private final Partitions partitions;
    private final MetadataSource metadata;
    private final InSyncChanges changes;
    private final MetadataSource.Subscription subscription;

    ClusterBeans(Broker broker, Partitions partitions, MetadataSource metadata) {
        this.broker = broker;
        this.partitions = partitions;
        this.metadata = metadata;
        this.changes = new InSyncChanges(broker.nodeId());
        this.subscription = metadata.subscribe(changes);
    }

    void offerTo(BeanSet beans) {
        replicas(beans);
        inSync(beans);
        controller(beans);
    }

    private void replicas(BeanSet beans) {
        beans.gauge(REPLICAS + "PartitionCount", () -> partitions.statuses().size());
        beans.gauge(REPLICAS + "LeaderCount", () -> countLed(partition -> true));
        beans.gauge(REPLICAS + "OfflineReplicaCount", () -> (int) partitions.statuses().stream()
                .filter(status -> status.standing() == PartitionStanding.OFFLINE)
                .count());
        beans.gauge(
                "kafka.log:type=LogManager,name=OfflineLogDirectoryCount",
                () -> (int) partitions.logDirectories().stream()
                        .filter(directory -> directory.failure() != null)
                        .count());
    }

    private void inSync(BeanSet beans) {
        beans.gauge(
                REPLICAS + "UnderReplicatedPartitions",
                () -> countLed(partition ->
                        partition.inSyncReplicas().size() < partition.replicas().size()));
        beans.gauge(REPLICAS + "UnderMinIsrPartitionCount", () -> countBeyondMinimum(-1));
        beans.gauge(REPLICAS + "AtMinIsrPartitionCount", () -> countBeyondMinimum(0));
        beans.meter(REPLICAS + "IsrShrinksPerSec", "shrinks", changes.shrinks(), false);
        beans.meter(REPLICAS + "IsrExpandsPerSec", "expands", changes.expands(), false);
    }

    private void controller(BeanSet beans) {
        beans.gauge(CONTROLLER + "ActiveControllerCount", () -> 1);
        beans.gauge(CONTROLLER + "ActiveBrokerCount", () -> countBrokers(broker -> !broker.fenced()));
        beans.gauge(CONTROLLER + "FencedBrokerCount", () -> countBrokers(BrokerImage::fenced));
        beans.gauge(CONTROLLER + "OfflinePartitionsCount", () -> count(partition -> partition.leader() < 0));
        beans.gauge(CONTROLLER + "GlobalPartitionCount", () -> count(partition -> true));
        beans.gauge(
                CONTROLLER + "GlobalTopicCount", () -> metadata.image().topics().size());
        beans.gauge(
                CONTROLLER + "PreferredReplicaImbalanceCount",
                () -> count(partition -> !partition.replicas().isEmpty()
                        && partition.leader() != partition.replicas().get(0)));
    }

    private int countBrokers(Predicate<BrokerImage> which) {
        return (int) metadata.image().brokers().values().stream().filter(which).count();
    }

    /** Of the cluster. */
    private int count(Predicate<PartitionImage> which) {
        return (int) metadata.image().topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .filter(which)
                .count();
    }

    /** Of those that this broker leads. */
    private int countLed(Predicate<PartitionImage> which) {
        return count(partition -> partition.leader() == broker.nodeId() && which.test(partition));
    }

    /**
     * Of those that this broker leads.
     *
     * @param sign of the number of replicas in sync, less what producers with acks=all need
     */
    private int countBeyondMinimum(int sign) {
        MetadataImage image = metadata.image();
        int usual = Integer.parseInt(Objects.requireNonNull(broker.config(MIN_IN_SYNC), MIN_IN_SYNC));
        int count = 0;
        for (TopicImage topic : image.topics()) {
            String own = image.config(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))
                    .get(MIN_IN_SYNC);
            int least = own == null ? usual : Integer.parseInt(own);
            count += (int) topic.partitions().stream()
                    .filter(partition -> partition.leader() == broker.nodeId())
                    .filter(partition -> Integer.signum(beyondMinimum(partition, least)) == sign)
                    .count();
        }
        return count;
    }

    private static int beyondMinimum(PartitionImage partition, int least) {
        return partition.inSyncReplicas().size()
                - Math.min(least, partition.replicas().size());
    }

    void close() {
        subscription.close();
    }
}
