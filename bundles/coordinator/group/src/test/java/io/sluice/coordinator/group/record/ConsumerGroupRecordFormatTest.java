package io.sluice.coordinator.group.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.Uuid;
import io.sluice.protocol.group.ConsumerGroupCurrentMemberAssignmentValue;
import io.sluice.protocol.group.ConsumerGroupMemberMetadataValue;
import io.sluice.protocol.group.ConsumerGroupMetadataValue;
import io.sluice.protocol.group.ConsumerGroupRegularExpressionValue;
import io.sluice.protocol.group.ConsumerGroupTargetAssignmentMemberValue;
import io.sluice.protocol.group.ConsumerGroupTargetAssignmentMetadataValue;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our records of the consumer protocol against Kafka's own classes, there and back. */
class ConsumerGroupRecordFormatTest {
    private final GroupRecordSerde ours = new GroupRecordSerde();
    private final GroupCoordinatorRecordSerde kafkas = new GroupCoordinatorRecordSerde();

    static List<ConsumerGroupRecord> records() {
        Uuid topic = new Uuid(3L, 4L);
        return List.of(
                new ConsumerGroupRecord.Epoch(
                        "g", new ConsumerGroupMetadataValue().setEpoch(7).setMetadataHash(99L)),
                new ConsumerGroupRecord.Epoch("g", null),
                new ConsumerGroupRecord.Member(
                        "g",
                        "m",
                        new ConsumerGroupMemberMetadataValue()
                                .setInstanceId("i")
                                .setRackId(null)
                                .setClientId("c")
                                .setClientHost("/127.0.0.1")
                                .setSubscribedTopicNames(List.of("t"))
                                .setSubscribedTopicRegex("x.*")
                                .setRebalanceTimeoutMs(300)
                                .setServerAssignor("range")),
                new ConsumerGroupRecord.Member(
                        "g", "m", new ConsumerGroupMemberMetadataValue().setClassicMemberMetadata(null)),
                new ConsumerGroupRecord.Member("g", "m", null),
                new ConsumerGroupRecord.TargetEpoch(
                        "g",
                        new ConsumerGroupTargetAssignmentMetadataValue()
                                .setAssignmentEpoch(7)
                                .setAssignmentTimestamp(5L)),
                new ConsumerGroupRecord.Target(
                        "g",
                        "m",
                        new ConsumerGroupTargetAssignmentMemberValue()
                                .setTopicPartitions(
                                        List.of(new ConsumerGroupTargetAssignmentMemberValue.TopicPartition()
                                                .setTopicId(topic)
                                                .setPartitions(List.of(0, 2))))),
                new ConsumerGroupRecord.Current(
                        "g",
                        "m",
                        new ConsumerGroupCurrentMemberAssignmentValue()
                                .setMemberEpoch(7)
                                .setPreviousMemberEpoch(6)
                                .setState((byte) 1)
                                .setAssignedPartitions(
                                        List.of(new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions()
                                                .setTopicId(topic)
                                                .setPartitions(List.of(0, 2))
                                                .setAssignmentEpochs(List.of(5, 7))))),
                new ConsumerGroupRecord.Regex(
                        "g",
                        "x.*",
                        new ConsumerGroupRegularExpressionValue()
                                .setTopics(List.of("xy"))
                                .setVersion(12L)
                                .setTimestamp(13L)));
    }

    @ParameterizedTest
    @MethodSource("records")
    void shouldBeReadAndWrittenByKafkaToo(ConsumerGroupRecord record) {
        CoordinatorRecord read = kafkas.deserialize(ours.key(record), ours.value(record));
        byte[] value = kafkas.serializeValue(read);

        GroupRecord back =
                ours.read(ByteBuffer.wrap(kafkas.serializeKey(read)), value == null ? null : ByteBuffer.wrap(value));

        assertThat(back).isEqualTo(record);
    }
}
