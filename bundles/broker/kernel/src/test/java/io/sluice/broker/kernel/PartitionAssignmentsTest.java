package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.LeadershipListener;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataDelta;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.replication.local.LocalReplicationFactory;
import io.sluice.request.kit.MemoryMetadata;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partitions start, change and stop by the differences between images. */
class PartitionAssignmentsTest {
    private static final int OTHER = 2;

    private final MemoryMetadata metadata = new MemoryMetadata();
    private KernelFixture kernel;
    private PartitionAssignments assignments;

    @BeforeEach
    void begin(@TempDir Path data) {
        kernel = KernelFixture.whole(data, new LocalReplicationFactory());
        assignments = new PartitionAssignments(
                KernelFixture.NODE,
                kernel.table,
                kernel.engines,
                kernel,
                PartitionAssignmentsTest::effective,
                kernel.migrations(data.resolve("migrations")));
    }

    private static Map<String, String> effective(MetadataImage image, String topic) {
        Map<String, String> all = new HashMap<>(Map.of("storage.engine", KernelFixture.MEMORY));
        all.putAll(image.config(new ConfigResource(ConfigResource.Type.BROKER, "1")));
        all.putAll(image.config(new ConfigResource(ConfigResource.Type.TOPIC, topic)));
        return all;
    }

    private static PartitionImage partition(int number, int leader, int leaderEpoch, Integer... replicas) {
        List<Integer> all = List.of(replicas);
        return new PartitionImage(
                number,
                all,
                all,
                leader,
                leaderEpoch,
                leaderEpoch,
                all.stream().map(id -> Uuid.ZERO).toList());
    }

    private TopicImage topic(String name, PartitionImage... partitions) {
        TopicImage topic = metadata.topic(name, List.of(partitions));
        changed(Set.of(name), Map.of(), Set.of());
        return topic;
    }

    private void changed(Set<String> topics, Map<Uuid, String> deleted, Set<ConfigResource> configs) {
        assignments.changed(new MetadataDelta(topics, deleted, configs, false), metadata.image());
        kernel.clock.run();
    }

    private Partition find(String topic, int partition) {
        return Objects.requireNonNull(kernel.table.find(new TopicPartition(topic, partition)));
    }

    @Test
    void shouldStartThePartitionsThatAreAssignedHere() {
        topic("t", partition(0, 1, 5, 1), partition(1, OTHER, 5, OTHER), partition(2, OTHER, 6, OTHER, 1));

        assertThat(kernel.table.all()).hasSize(2);
        assertThat(find("t", 0).isLeading()).isTrue();
        assertThat(find("t", 0).leaderEpoch()).isEqualTo(5);
        assertThat(find("t", 0).hasLog()).isTrue();
        assertThat(find("t", 2).isLeading()).isFalse();
        assertThat(kernel.append(find("t", 0), -1, "a").outcome(0).error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldStartAPartitionThoughItsEngineIsNotThereYet() {
        kernel.withdrawEngine();

        topic("t", partition(0, 1, 5, 1));
        assertThat(find("t", 0).hasLog()).isFalse();

        kernel.offerEngine();
        assertThat(find("t", 0).hasLog()).isTrue();
    }

    @Test
    void shouldKeepThePartitionOfATopicThatGrows() {
        topic("t", partition(0, 1, 5, 1));
        Partition first = find("t", 0);

        topic("t", partition(0, 1, 5, 1), partition(1, 1, 5, 1));

        assertThat(find("t", 0)).isSameAs(first);
        assertThat(find("t", 1).isLeading()).isTrue();
    }

    @Test
    void shouldCapTheLeastInSyncReplicasAtTheReplicas() {
        metadata.config(new ConfigResource(ConfigResource.Type.TOPIC, "t"), Map.of("min.insync.replicas", "3"));
        topic("t", partition(0, 1, 5, 1));

        assertThat(kernel.append(find("t", 0), -1, "a").outcome(0).error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldFollowTheLeadershipAndTellWhoWatches() {
        List<String> seen = new ArrayList<>();
        topic("t", partition(0, 1, 5, 1, OTHER));
        kernel.table.onLeadership("t", new LeadershipListener() {
            @Override
            public void elected(int partition, int leaderEpoch) {
                seen.add("elected " + partition + " under " + leaderEpoch);
            }

            @Override
            public void resigned(int partition) {
                seen.add("resigned " + partition);
            }
        });
        kernel.clock.run();

        topic("t", partition(0, OTHER, 6, 1, OTHER));
        topic("t", partition(0, OTHER, 7, 1, OTHER));
        topic("t", partition(0, 1, 8, 1, OTHER));
        topic("t", partition(0, 1, 8, 1));
        topic("t", partition(0, 1, 9, 1));

        assertThat(seen).containsExactly("elected 0 under 5", "resigned 0", "elected 0 under 8", "elected 0 under 9");
        assertThat(find("t", 0).leaderEpoch()).isEqualTo(9);
    }

    @Test
    void shouldEndThePartitionsOfADeletedTopicAndTheirData() {
        TopicImage topic = topic("t", partition(0, 1, 5, 1));
        topic("kept", partition(0, 1, 5, 1));
        kernel.append(find("t", 0), -1, "a");

        metadata.delete("t");
        changed(Set.of(), Map.of(topic.id(), "t"), Set.of());

        assertThat(kernel.table.find(new TopicPartition("t", 0))).isNull();
        assertThat(find("kept", 0).hasLog()).isTrue();
        topic("t", partition(0, 1, 5, 1));
        assertThat(find("t", 0).highWatermark()).isZero();
    }

    @Test
    void shouldReconfigureTheTopicsThatAreConcerned() {
        topic("t", partition(0, 1, 5, 1));
        topic("other", partition(0, 1, 5, 1));
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "t");
        long before = find("other", 0).config().retentionMs();
        metadata.config(resource, Map.of("retention.ms", "1234"));

        changed(Set.of(), Map.of(), Set.of(resource));

        assertThat(find("t", 0).config().retentionMs()).isEqualTo(1_234L);
        assertThat(find("other", 0).config().retentionMs()).isEqualTo(before).isNotEqualTo(1_234L);
    }

    @Test
    void shouldReconfigureEveryTopicWhenTheBrokerIs() {
        topic("t", partition(0, 1, 5, 1));
        ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, "1");
        metadata.config(resource, Map.of("retention.ms", "1234"));

        changed(Set.of(), Map.of(), Set.of(resource));

        assertThat(find("t", 0).config().retentionMs()).isEqualTo(1_234L);
    }
}
