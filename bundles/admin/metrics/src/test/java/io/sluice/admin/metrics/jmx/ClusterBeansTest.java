package io.sluice.admin.metrics.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.Uuid;
import io.sluice.cluster.api.BrokerImage;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataDelta;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.request.kit.MemoryBroker;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.MemoryPartitions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** Replicas, brokers and what is in sync, under Kafka's names. */
class ClusterBeansTest {
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final BeanSet beans = new BeanSet(server);
    private final MemoryMetadata metadata = new MemoryMetadata();
    private final ClusterBeans cluster =
            new ClusterBeans(new MemoryBroker().set("min.insync.replicas", "1"), new MemoryPartitions(), metadata);

    private int read(String name) throws Exception {
        beans.begin(5.0);
        cluster.offerTo(beans);
        beans.end();
        return (Integer) server.getAttribute(new ObjectName(name), "Value");
    }

    private int replicas(String name) throws Exception {
        return read("kafka.server:type=ReplicaManager,name=" + name);
    }

    private int controller(String name) throws Exception {
        return read("kafka.controller:type=KafkaController,name=" + name);
    }

    private static PartitionImage partition(int leader, List<Integer> replicas, List<Integer> inSync) {
        return new PartitionImage(
                0,
                replicas,
                inSync,
                leader,
                0,
                0,
                replicas.stream().map(id -> Uuid.ZERO).toList());
    }

    @Test
    void shouldCountBrokersByWhetherTheyAreFenced() throws Exception {
        metadata.broker(2, true, null, new BrokerImage.Listener[0]);
        metadata.broker(3, false, null, new BrokerImage.Listener[0]);

        assertThat(controller("ActiveBrokerCount")).isEqualTo(2);
        assertThat(controller("FencedBrokerCount")).isEqualTo(1);
    }

    @Test
    void shouldCountThePartitionsThatThisBrokerLeads() throws Exception {
        metadata.topic("own", List.of(partition(1, List.of(1, 2), List.of(1))));
        metadata.topic("whole", List.of(partition(1, List.of(1, 2), List.of(1, 2))));
        metadata.topic("another's", List.of(partition(2, List.of(2, 1), List.of(2))));
        metadata.topic("nobody's", List.of(partition(-1, List.of(2, 1), List.of(2))));

        assertThat(replicas("LeaderCount")).isEqualTo(2);
        assertThat(replicas("UnderReplicatedPartitions")).isEqualTo(1);
        assertThat(controller("GlobalTopicCount")).isEqualTo(4);
        assertThat(controller("GlobalPartitionCount")).isEqualTo(4);
        assertThat(controller("OfflinePartitionsCount")).isEqualTo(1);
    }

    @Test
    void shouldHoldReplicasInSyncAgainstWhatIsAskedOfTheTopic() throws Exception {
        metadata.topic("one is enough", List.of(partition(1, List.of(1, 2), List.of(1))));
        metadata.topic("strict", List.of(partition(1, List.of(1, 2, 3), List.of(1))));
        metadata.topic("exact", List.of(partition(1, List.of(1, 2, 3), List.of(1, 2))));
        metadata.topic("capped", List.of(partition(1, List.of(1), List.of(1))));
        metadata.topic("plenty", List.of(partition(1, List.of(1, 2), List.of(1, 2))));
        for (String topic : List.of("strict", "exact", "capped")) {
            metadata.config(new ConfigResource(ConfigResource.Type.TOPIC, topic), Map.of("min.insync.replicas", "2"));
        }

        assertThat(replicas("UnderMinIsrPartitionCount")).isEqualTo(1);
        assertThat(replicas("AtMinIsrPartitionCount")).isEqualTo(3);
    }

    @Test
    void shouldCountChangesOfWhatIsInSyncWhereItLeads() {
        InSyncChanges changes = new InSyncChanges(1);
        tell(changes, partition(1, List.of(1, 2), List.of(1, 2)));
        tell(changes, partition(1, List.of(1, 2), List.of(1)));
        tell(changes, partition(1, List.of(1, 2), List.of(1)));
        tell(changes, partition(1, List.of(1, 2), List.of(1, 2)));
        tell(changes, partition(2, List.of(1, 2), List.of(2)));

        assertThat(changes.shrinks()).isEqualTo(1L);
        assertThat(changes.expands()).isEqualTo(1L);
    }

    private void tell(InSyncChanges changes, PartitionImage partition) {
        metadata.topic("t", List.of(partition));
        MetadataImage image = metadata.image();
        changes.changed(new MetadataDelta(Set.of("t"), Map.of(), Set.of(), false), image);
    }
}
