package io.sluice.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.QuotaEntity;
import io.sluice.cluster.api.TopicImage;
import io.sluice.cluster.api.image.BrokerRegistration;
import io.sluice.cluster.api.image.ClusterImage;
import io.sluice.cluster.api.image.ImageRecords;
import io.sluice.cluster.api.image.RecordBytes;
import io.sluice.cluster.controller.RandomRequests.Step;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.metadata.PartitionRegistration;
import org.apache.kafka.metadata.SupportedConfigChecker;

/** Kafka's own classes read our records and come to the same image. */
class KafkaReplayTest {
    @Provide
    Arbitrary<List<Step>> steps() {
        return RandomRequests.steps();
    }

    @Property(tries = 100)
    void shouldLeadKafkaToTheSameImage(@ForAll("steps") List<Step> steps) {
        ControllerFixture fixture = ControllerFixture.registered();
        RandomRequests.run(fixture, steps);
        MetadataImage kafka = MetadataImage.EMPTY;
        for (MemoryLog.Batch batch : fixture.log.batches()) {
            kafka = replay(kafka, batch.records());
        }

        assertSame(fixture.image(), kafka);
        assertSame(fixture.image(), replay(MetadataImage.EMPTY, RecordBytes.encode(ImageRecords.of(fixture.image()))));
    }

    private static MetadataImage replay(MetadataImage base, List<ByteBuffer> records) {
        MetadataDelta delta = new MetadataDelta.Builder()
                .setImage(base)
                .setSupportedConfigChecker(SupportedConfigChecker.TRUE)
                .build();
        for (ByteBuffer record : records) {
            ByteBuffer bytes = record.duplicate();
            delta.replay(MetadataRecordSerde.INSTANCE
                    .read(new ByteBufferAccessor(bytes), bytes.remaining())
                    .message());
        }
        return delta.apply(new MetadataProvenance(1, 1, 1, true));
    }

    private static void assertSame(ClusterImage ours, MetadataImage kafka) {
        assertThat(kafka.topics().topicsByName().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        ours.topics().stream().map(TopicImage::name).toList());
        for (TopicImage topic : ours.topics()) {
            org.apache.kafka.image.TopicImage theirs =
                    Objects.requireNonNull(kafka.topics().getTopic(topic.name()));
            assertThat(theirs.id()).hasToString(topic.id().toString());
            assertThat(theirs.partitions()).hasSameSizeAs(topic.partitions());
            topic.partitions()
                    .forEach(partition -> assertSame(
                            partition,
                            Objects.requireNonNull(theirs.partitions().get(partition.partition()))));
            assertConfig(
                    ours,
                    new ConfigResource(ConfigResource.Type.TOPIC, topic.name()),
                    kafka,
                    new org.apache.kafka.common.config.ConfigResource(
                            org.apache.kafka.common.config.ConfigResource.Type.TOPIC, topic.name()));
        }
        assertConfig(
                ours,
                new ConfigResource(ConfigResource.Type.BROKER, ""),
                kafka,
                new org.apache.kafka.common.config.ConfigResource(
                        org.apache.kafka.common.config.ConfigResource.Type.BROKER, ""));
        assertThat(kafka.producerIds().nextProducerId())
                .isEqualTo(ours.nextProducerId() == 0 ? -1 : ours.nextProducerId());
        Map<String, Short> features = new HashMap<>(ours.features());
        assertThat(kafka.features().metadataVersionOrThrow().featureLevel())
                .isEqualTo(Objects.requireNonNull(features.remove("metadata.version")));
        features.remove("kraft.version"); // which Kafka keeps in its Raft layer
        assertThat(kafka.features().finalizedVersions()).isEqualTo(features);
        assertSameAccess(ours, kafka);
        assertThat(kafka.cluster().brokers().keySet())
                .isEqualTo(ours.registrations().keySet());
        for (BrokerRegistration broker : ours.registrations().values()) {
            org.apache.kafka.metadata.BrokerRegistration theirs =
                    Objects.requireNonNull(kafka.cluster().broker(broker.nodeId()));
            assertThat(theirs.epoch()).isEqualTo(broker.brokerEpoch());
            assertThat(theirs.fenced()).isEqualTo(broker.fenced());
            assertThat(theirs.incarnationId())
                    .hasToString(broker.incarnationId().toString());
        }
    }

    private static void assertSame(PartitionImage ours, PartitionRegistration theirs) {
        assertThat(theirs.leader).isEqualTo(ours.leader());
        assertThat(theirs.leaderEpoch).isEqualTo(ours.leaderEpoch());
        assertThat(theirs.partitionEpoch).isEqualTo(ours.partitionEpoch());
        assertThat(list(theirs.replicas)).isEqualTo(ours.replicas());
        assertThat(list(theirs.isr)).isEqualTo(ours.inSyncReplicas());
        List<String> directories = new ArrayList<>();
        for (org.apache.kafka.common.Uuid directory : theirs.directories) {
            directories.add(directory.toString());
        }
        assertThat(directories)
                .isEqualTo(ours.directories().stream().map(Object::toString).toList());
    }

    private static void assertSameAccess(ClusterImage ours, MetadataImage kafka) {
        Map<String, String> credentials = new TreeMap<>();
        ours.scramUsers().forEach(user -> ours.scramCredentials(user)
                .forEach((mechanism, credential) -> credentials.put(
                        mechanism.saslName() + " " + user,
                        credential.iterations()
                                + Arrays.toString(credential.salt())
                                + Arrays.toString(credential.storedKey())
                                + Arrays.toString(credential.serverKey()))));
        Map<String, String> theirs = new TreeMap<>();
        kafka.scram()
                .mechanisms()
                .forEach((mechanism, users) -> users.forEach((user, credential) -> theirs.put(
                        mechanism.mechanismName() + " " + user,
                        credential.iterations()
                                + Arrays.toString(credential.salt())
                                + Arrays.toString(credential.storedKey())
                                + Arrays.toString(credential.serverKey()))));
        assertThat(theirs).isEqualTo(credentials);
        Map<Map<String, String>, Map<String, Double>> quotas = new HashMap<>();
        kafka.clientQuotas().entities().forEach((entity, image) -> {
            Map<String, String> names = new HashMap<>();
            entity.entries().forEach((type, name) -> names.put(type, name == null ? QuotaEntity.DEFAULT : name));
            quotas.put(names, image.quotas());
        });
        Map<Map<String, String>, Map<String, Double>> own = new HashMap<>();
        ours.quotaEntities().forEach(entity -> own.put(entity.names(), ours.quotas(entity)));
        assertThat(quotas).isEqualTo(own);
    }

    private static void assertConfig(
            ClusterImage ours,
            ConfigResource resource,
            MetadataImage kafka,
            org.apache.kafka.common.config.ConfigResource theirs) {
        assertThat(kafka.configs().configMapForResource(theirs)).isEqualTo(ours.config(resource));
    }

    private static List<Integer> list(int[] values) {
        return IntStream.of(values).boxed().toList();
    }
}
