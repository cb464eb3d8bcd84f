package io.sluice.cluster.api.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.BrokerImage;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.protocol.Message;
import io.sluice.protocol.metadata.AccessControlEntryRecord;
import io.sluice.protocol.metadata.BrokerRegistrationChangeRecord;
import io.sluice.protocol.metadata.ConfigRecord;
import io.sluice.protocol.metadata.FeatureLevelRecord;
import io.sluice.protocol.metadata.PartitionChangeRecord;
import io.sluice.protocol.metadata.PartitionRecord;
import io.sluice.protocol.metadata.ProducerIdsRecord;
import io.sluice.protocol.metadata.RegisterBrokerRecord;
import io.sluice.protocol.metadata.RemoveTopicRecord;
import io.sluice.protocol.metadata.TopicRecord;
import io.sluice.protocol.metadata.UnregisterBrokerRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ImageBuilderTest {
    private static final Uuid A = new Uuid(1, 1);
    private static final Uuid B = new Uuid(2, 2);
    private static final ConfigResource TOPIC_A = new ConfigResource(ConfigResource.Type.TOPIC, "a");

    private static ImageChange replay(ClusterImage base, Message... records) {
        ImageBuilder builder = new ImageBuilder(base);
        for (Message record : records) {
            builder.replay(record);
        }
        return builder.build(base.offset() + records.length, 1, 1);
    }

    private static TopicRecord topic(String name, Uuid id) {
        return new TopicRecord().setName(name).setTopicId(id);
    }

    private static PartitionRecord partition(Uuid topic, int number) {
        return new PartitionRecord()
                .setTopicId(topic)
                .setPartitionId(number)
                .setReplicas(List.of(1))
                .setIsr(List.of(1))
                .setLeader(1)
                .setLeaderEpoch(0)
                .setPartitionEpoch(0)
                .setDirectories(List.of(Uuid.ZERO));
    }

    private static ConfigRecord config(String key, String value) {
        return new ConfigRecord()
                .setResourceType((byte) 2)
                .setResourceName("a")
                .setName(key)
                .setValue(value);
    }

    private static RegisterBrokerRecord broker(int id, long epoch) {
        return new RegisterBrokerRecord()
                .setBrokerId(id)
                .setBrokerEpoch(epoch)
                .setIncarnationId(new Uuid(9, id))
                .setFenced(false)
                .setRack("r")
                .setEndPoints(List.of(new RegisterBrokerRecord.BrokerEndpoint()
                        .setName("PLAINTEXT")
                        .setHost("h")
                        .setPort(40000)
                        .setSecurityProtocol((short) 0)))
                .setLogDirs(List.of(new Uuid(3, 3)));
    }

    @Test
    void shouldMakeTopicsWithTheirPartitionsInOrder() {
        ImageChange change = replay(
                ClusterImage.EMPTY, topic("a", A), partition(A, 1), partition(A, 0), config("retention.ms", "1"));

        assertThat(change.delta().changedTopics()).containsExactly("a");
        assertThat(change.delta().changedConfigs()).containsExactly(TOPIC_A);
        assertThat(change.delta().brokersChanged()).isFalse();
        assertThat(Objects.requireNonNull(change.image().topic(A)).partitions())
                .extracting(PartitionImage::partition)
                .containsExactly(0, 1);
        assertThat(change.image().partition(new TopicPartition("a", 1))).isNotNull();
        assertThat(change.image().partition(new TopicPartition("a", 2))).isNull();
        assertThat(change.image().config(TOPIC_A)).isEqualTo(Map.of("retention.ms", "1"));
    }

    @Test
    void shouldLeaveTheEarlierImageAsItWas() {
        ClusterImage before = replay(ClusterImage.EMPTY, topic("a", A), partition(A, 0), config("retention.ms", "1"))
                .image();
        replay(before, partition(A, 1), config("retention.ms", "2"), topic("b", B), broker(1, 4));

        assertThat(Objects.requireNonNull(before.topic("a")).partitions()).hasSize(1);
        assertThat(before.config(TOPIC_A)).isEqualTo(Map.of("retention.ms", "1"));
        assertThat(before.topic("b")).isNull();
        assertThat(before.brokers()).isEmpty();
    }

    @Test
    void shouldRaiseEpochsWhenPartitionChanges() {
        ClusterImage before =
                replay(ClusterImage.EMPTY, topic("a", A), partition(A, 0)).image();
        PartitionImage led = changed(before, new PartitionChangeRecord().setLeader(1));
        PartitionImage shrunk = changed(before, new PartitionChangeRecord().setIsr(List.of()));

        assertThat(led.leaderEpoch()).isEqualTo(1);
        assertThat(led.partitionEpoch()).isEqualTo(1);
        assertThat(shrunk.leaderEpoch()).isZero();
        assertThat(shrunk.partitionEpoch()).isEqualTo(1);
        assertThat(shrunk.inSyncReplicas()).isEmpty();
        assertThat(shrunk.replicas()).containsExactly(1);
    }

    private static PartitionImage changed(ClusterImage image, PartitionChangeRecord record) {
        ClusterImage after =
                replay(image, record.setTopicId(A).setPartitionId(0)).image();
        return Objects.requireNonNull(after.partition(new TopicPartition("a", 0)));
    }

    @Test
    void shouldForgetRemovedTopicAndItsConfiguration() {
        ClusterImage before = replay(ClusterImage.EMPTY, topic("a", A), partition(A, 0), config("retention.ms", "1"))
                .image();
        ImageChange removed = replay(before, new RemoveTopicRecord().setTopicId(A));

        assertThat(removed.image().topic("a")).isNull();
        assertThat(removed.image().topic(A)).isNull();
        assertThat(removed.image().config(TOPIC_A)).isEmpty();
        assertThat(removed.delta().deletedTopics()).isEqualTo(Map.of(A, "a"));
    }

    @Test
    void shouldTellRemovedTopicFromNewOneOfTheSameName() {
        ClusterImage before = replay(ClusterImage.EMPTY, topic("a", A), partition(A, 0), config("retention.ms", "1"))
                .image();
        ImageChange again = replay(before, new RemoveTopicRecord().setTopicId(A), topic("a", B), partition(B, 0));

        assertThat(again.delta().deletedTopics()).isEqualTo(Map.of(A, "a"));
        assertThat(again.delta().changedTopics()).containsExactly("a");
        assertThat(Objects.requireNonNull(again.image().topic("a")).id()).isEqualTo(B);
        assertThat(again.image().topic(A)).isNull();
        assertThat(again.image().topics()).hasSize(1);
        assertThat(again.image().config(TOPIC_A)).isEmpty();
    }

    @Test
    void shouldForgetTopicThatIsMadeAndRemovedInOneBatch() {
        ImageChange change = replay(
                ClusterImage.EMPTY,
                topic("a", A),
                partition(A, 0),
                config("retention.ms", "1"),
                new RemoveTopicRecord().setTopicId(A));

        assertThat(change.image()).isEqualTo(ClusterImage.EMPTY);
        assertThat(change.delta().changedTopics()).isEmpty();
    }

    @Test
    void shouldKeepBrokersWithTheirEpochAndState() {
        ClusterImage registered =
                replay(ClusterImage.EMPTY, broker(1, 0), broker(2, 1)).image();
        BrokerImage expected = new BrokerImage(
                1, 0, false, "r", List.of(new BrokerImage.Listener("PLAINTEXT", "PLAINTEXT", "h", 40000)));
        assertThat(registered.brokers()).containsEntry(1, expected).containsOnlyKeys(1, 2);

        ClusterImage fenced = replay(
                        registered,
                        new BrokerRegistrationChangeRecord()
                                .setBrokerId(2)
                                .setBrokerEpoch(1)
                                .setFenced((byte) 1),
                        new UnregisterBrokerRecord().setBrokerId(1).setBrokerEpoch(0))
                .image();
        assertThat(fenced.brokers()).containsOnlyKeys(2);
        assertThat(Objects.requireNonNull(fenced.brokers().get(2)).fenced()).isTrue();
        assertThatThrownBy(() -> replay(
                        registered, new UnregisterBrokerRecord().setBrokerId(1).setBrokerEpoch(5)))
                .isInstanceOf(UnusableRecordException.class);
    }

    @Test
    void shouldKeepFeaturesUntilTheirLevelIsZero() {
        ClusterImage with = replay(
                        ClusterImage.EMPTY,
                        new FeatureLevelRecord().setName("x").setFeatureLevel((short) 3))
                .image();
        ClusterImage without = replay(
                        with, new FeatureLevelRecord().setName("x").setFeatureLevel((short) 0))
                .image();

        assertThat(with.features()).isEqualTo(Map.of("x", (short) 3));
        assertThat(without.features()).isEmpty();
    }

    @Test
    void shouldRefuseRecordsThatItCannotApply() {
        assertThatThrownBy(() -> replay(ClusterImage.EMPTY, new AccessControlEntryRecord()))
                .isInstanceOf(UnusableRecordException.class)
                .hasMessageContaining("AccessControlEntryRecord");
        assertThatThrownBy(() -> replay(ClusterImage.EMPTY, partition(A, 0)))
                .isInstanceOf(UnusableRecordException.class);
        ClusterImage taken =
                replay(ClusterImage.EMPTY, topic("a", A), partition(A, 0)).image();
        assertThatThrownBy(() -> replay(taken, topic("a", B))).isInstanceOf(UnusableRecordException.class);
        assertThatThrownBy(() -> replay(taken, topic("b", A))).isInstanceOf(UnusableRecordException.class);
        assertThatThrownBy(() -> replay(ClusterImage.EMPTY, topic("a", A), partition(A, 1)))
                .isInstanceOf(UnusableRecordException.class)
                .hasMessageContaining("gap");
        assertThatThrownBy(() -> replay(
                        ClusterImage.EMPTY, topic("a", A), partition(A, 0).setAddingReplicas(List.of(2))))
                .isInstanceOf(UnusableRecordException.class);
    }

    @Test
    void shouldBeMadeAgainFromItsOwnRecords() {
        ClusterImage image = replay(
                        ClusterImage.EMPTY,
                        new FeatureLevelRecord().setName("x").setFeatureLevel((short) 3),
                        broker(1, 1),
                        topic("a", A),
                        partition(A, 0),
                        partition(A, 1),
                        config("retention.ms", "1"),
                        new ProducerIdsRecord().setNextProducerId(2000))
                .image();
        List<ByteBuffer> bytes = RecordBytes.encode(ImageRecords.of(image));
        ImageBuilder builder = new ImageBuilder(ClusterImage.EMPTY);
        bytes.forEach(record -> builder.replay(RecordBytes.decode(record)));

        assertThat(builder.build(6, 1, 1).image()).isEqualTo(image);
        assertThat(RecordBytes.encode(ImageRecords.of(builder.build(6, 1, 1).image())))
                .isEqualTo(bytes);
    }

    @Test
    void shouldHoldTwentyThousandPartitionsAndChangeThemQuickly() {
        ImageBuilder builder = new ImageBuilder(ClusterImage.EMPTY);
        for (int i = 0; i < 20_000; i++) {
            Uuid id = new Uuid(7, i);
            builder.replay(topic("topic-" + i, id));
            builder.replay(partition(id, 0));
        }
        ClusterImage image = builder.build(39_999, 1, 1).image();
        List<Message> raised = new ArrayList<>();
        image.topics()
                .forEach(topic -> raised.add(new PartitionChangeRecord()
                        .setTopicId(topic.id())
                        .setPartitionId(0)
                        .setLeader(1)));
        ClusterImage after = replay(image, raised.toArray(Message[]::new)).image();

        assertThat(after.topics()).hasSize(20_000).allSatisfy(topic -> assertThat(
                        topic.partitions().get(0).leaderEpoch())
                .isEqualTo(1));
    }

    @Test
    void shouldTellNewListenersEverything() {
        ClusterImage image = replay(ClusterImage.EMPTY, topic("a", A), partition(A, 0), config("retention.ms", "1"))
                .image();

        assertThat(image.asDelta().changedTopics()).isEqualTo(Set.of("a"));
        assertThat(image.asDelta().changedConfigs()).isEqualTo(Set.of(TOPIC_A));
        assertThat(image.asDelta().brokersChanged()).isTrue();
    }

    @Property(tries = 2000)
    void shouldRefuseArbitraryBytesInOneWay(@ForAll byte[] bytes) {
        try {
            Message record = RecordBytes.decode(ByteBuffer.wrap(bytes));
            assertThat(RecordBytes.decode(RecordBytes.encode(record))).isEqualTo(record);
        } catch (UnusableRecordException e) {
            assertThat(e.getMessage()).startsWith("A metadata record");
        }
    }
}
