package io.sluice.coordinator.group.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.group.GroupMetadataValue;
import io.sluice.protocol.group.GroupMetadataValue.MemberMetadata;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.apache.kafka.coordinator.group.generated.ShareGroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.ShareGroupMetadataValue;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our records against Kafka's own classes. */
class GroupRecordSerdeTest {
    private final GroupRecordSerde ours = new GroupRecordSerde();
    private final GroupCoordinatorRecordSerde kafkas = new GroupCoordinatorRecordSerde();

    private static final CommittedOffset OFFSET = new CommittedOffset(42L, 7, "meta", 1_000L, -1L, new Uuid(11L, 22L));

    private CoordinatorRecord kafkaReads(GroupRecord record) {
        return kafkas.deserialize(ours.key(record), ours.value(record));
    }

    private GroupRecord weRead(CoordinatorRecord record) {
        byte[] value = kafkas.serializeValue(record);
        return ours.read(ByteBuffer.wrap(kafkas.serializeKey(record)), value == null ? null : ByteBuffer.wrap(value));
    }

    @Test
    void shouldWriteOffsetsAsKafkaDoes() {
        OffsetRecord record = new OffsetRecord("g", new TopicPartition("t", 3), OFFSET);

        CoordinatorRecord read = kafkaReads(record);

        assertThat(read.key())
                .isEqualTo(new OffsetCommitKey().setGroup("g").setTopic("t").setPartition(3));
        assertThat(read.value().version()).isEqualTo((short) 4);
        assertThat(read.value().message())
                .isEqualTo(new OffsetCommitValue()
                        .setOffset(42L)
                        .setLeaderEpoch(7)
                        .setMetadata("meta")
                        .setCommitTimestamp(1_000L)
                        .setTopicId(new org.apache.kafka.common.Uuid(11L, 22L)));
        assertThat(weRead(read)).isEqualTo(record);
    }

    @Test
    void shouldWriteOffsetsWithAnExpiryInTheVersionThatHasIt() {
        CommittedOffset expiring = new CommittedOffset(42L, -1, "", 1_000L, 2_000L, Uuid.ZERO);
        OffsetRecord record = new OffsetRecord("g", new TopicPartition("t", 3), expiring);

        CoordinatorRecord read = kafkaReads(record);

        assertThat(read.value().version()).isEqualTo((short) 1);
        assertThat(((OffsetCommitValue) read.value().message()).expireTimestamp())
                .isEqualTo(2_000L);
        assertThat(weRead(read)).isEqualTo(record);
    }

    @Test
    void shouldWriteTombstonesAsKafkaDoes() {
        OffsetRecord offset = new OffsetRecord("g", new TopicPartition("t", 3), null);
        GroupMetadataRecord group = new GroupMetadataRecord("g", null);

        assertThat(kafkaReads(offset).value()).isNull();
        assertThat(kafkaReads(group).value()).isNull();
        assertThat(kafkaReads(group).key()).isEqualTo(new GroupMetadataKey().setGroup("g"));
        assertThat(weRead(kafkaReads(offset))).isEqualTo(offset);
        assertThat(weRead(kafkaReads(group))).isEqualTo(group);
    }

    @Test
    void shouldWriteGroupsAsKafkaDoes() {
        GroupMetadataRecord record = new GroupMetadataRecord(
                "g",
                new GroupMetadataValue()
                        .setProtocolType("consumer")
                        .setGeneration(5)
                        .setProtocol("range")
                        .setLeader("m")
                        .setCurrentStateTimestamp(99L)
                        .setMembers(List.of(new MemberMetadata()
                                .setMemberId("m")
                                .setGroupInstanceId("i")
                                .setClientId("c")
                                .setClientHost("/127.0.0.1")
                                .setRebalanceTimeout(300)
                                .setSessionTimeout(100)
                                .setSubscription(new byte[] {1})
                                .setAssignment(new byte[] {2}))));

        CoordinatorRecord read = kafkaReads(record);

        assertThat(read.value().version()).isEqualTo((short) 3);
        var value = (org.apache.kafka.coordinator.group.generated.GroupMetadataValue)
                read.value().message();
        assertThat(value.generation()).isEqualTo(5);
        assertThat(value.leader()).isEqualTo("m");
        assertThat(value.currentStateTimestamp()).isEqualTo(99L);
        assertThat(value.members().get(0).groupInstanceId()).isEqualTo("i");
        assertThat(value.members().get(0).assignment()).isEqualTo(new byte[] {2});
        assertThat(weRead(read)).isEqualTo(record);
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1, 2, 3, 4})
    void shouldReadOffsetsOfEveryVersion(short version) {
        CoordinatorRecord record = CoordinatorRecord.record(
                new OffsetCommitKey().setGroup("g").setTopic("t").setPartition(3),
                new ApiMessageAndVersion(
                        new OffsetCommitValue()
                                .setOffset(42L)
                                .setMetadata("meta")
                                .setCommitTimestamp(1_000L),
                        version));

        OffsetRecord read = (OffsetRecord) weRead(record);

        assertThat(read.value()).isEqualTo(new CommittedOffset(42L, -1, "meta", 1_000L, -1L, Uuid.ZERO));
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1, 2, 3, 4})
    void shouldReadGroupsOfEveryVersion(short version) {
        CoordinatorRecord record = CoordinatorRecord.record(
                new GroupMetadataKey().setGroup("g"),
                new ApiMessageAndVersion(
                        new org.apache.kafka.coordinator.group.generated.GroupMetadataValue()
                                .setProtocolType("consumer")
                                .setGeneration(5)
                                .setProtocol(null)
                                .setLeader(null),
                        version));

        GroupMetadataRecord read = (GroupMetadataRecord) weRead(record);

        assertThat(read.value()).isNotNull();
        assertThat(read.value().generation()).isEqualTo(5);
        assertThat(read.value().protocol()).isNull();
    }

    @Test
    void shouldKnowTheGroupOfRecordsThatItDoesNotUnderstand() {
        CoordinatorRecord record = CoordinatorRecord.record(
                new ShareGroupMetadataKey().setGroupId("other"),
                new ApiMessageAndVersion(new ShareGroupMetadataValue().setEpoch(3), (short) 0));

        ForeignRecord read = (ForeignRecord) weRead(record);

        assertThat(read.groupId()).isEqualTo("other");
        assertThat(read.record().type()).isEqualTo((short) 11);
        assertThat(read.record().isTombstone()).isFalse();
        assertThat(read.record()
                        .readValue(new io.sluice.protocol.group.ShareGroupMetadataValue())
                        .epoch())
                .isEqualTo(3);
        assertThat(((ForeignRecord) weRead(CoordinatorRecord.tombstone(record.key())))
                        .record()
                        .key())
                .isEqualTo(read.record().key());
        assertThat(kafkaReads(read)).isEqualTo(record);
    }

    @Test
    void shouldRefuseToGuessAtNewerValues() {
        GroupRecord record = new GroupMetadataRecord("g", new GroupMetadataValue());
        byte[] value = Arrays.copyOf(new byte[] {0, 99}, 40);

        assertThatThrownBy(() -> ours.read(ours.key(record), ByteBuffer.wrap(value)))
                .isInstanceOf(MalformedMessageException.class);
    }
}
