package io.sluice.coordinator.streams.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coordinator.api.KindRecord;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.coordinator.group.generated.StreamsGroupCurrentMemberAssignmentKey;
import org.apache.kafka.coordinator.group.generated.StreamsGroupCurrentMemberAssignmentValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTargetAssignmentMemberValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTargetAssignmentMetadataValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTopologyValue;
import org.junit.jupiter.api.Test;

/** What is written is what Kafka's own classes read. */
class StreamsRecordFormatTest {
    private static final short VERSION = 0;

    private static ByteBufferAccessor body(ByteBuffer bytes) {
        ByteBuffer copy = bytes.duplicate();
        copy.getShort();
        return new ByteBufferAccessor(copy);
    }

    @Test
    void shouldWriteWhatKafkaReads() {
        KindHarness harness = new KindHarness();
        harness.config.put("streams.initial.rebalance.delay.ms", "0");
        harness.topic("in", 2);
        harness.topic("changelog", 2);
        new SimulatedThread(harness, "app", "m1", "p1", TestTopologies.stateful("in", "changelog")).beat();
        Set<Short> types = new HashSet<>();
        for (KindRecord record : harness.log) {
            types.add(record.type());
            ByteBufferAccessor value = body(Objects.requireNonNull(record.value()));
            switch (record.type()) {
                case StreamsRecords.GROUP -> {
                    StreamsGroupMetadataValue group = new StreamsGroupMetadataValue(value, VERSION);
                    assertThat(group.epoch()).isEqualTo(2);
                    assertThat(group.validatedTopologyEpoch()).isZero();
                    assertThat(group.lastAssignmentConfigs().get(0).key()).isEqualTo("num.standby.replicas");
                }
                case StreamsRecords.MEMBER ->
                    assertThat(new StreamsGroupMemberMetadataValue(value, VERSION).processId())
                            .isEqualTo("p1");
                case StreamsRecords.TARGET_EPOCH ->
                    assertThat(new StreamsGroupTargetAssignmentMetadataValue(value, VERSION).assignmentEpoch())
                            .isEqualTo(2);
                case StreamsRecords.TARGET ->
                    assertThat(new StreamsGroupTargetAssignmentMemberValue(value, VERSION)
                                    .activeTasks()
                                    .get(0)
                                    .partitions())
                            .containsExactly(0, 1);
                case StreamsRecords.CURRENT -> {
                    assertThat(new StreamsGroupCurrentMemberAssignmentKey(body(record.key()), VERSION).memberId())
                            .isEqualTo("m1");
                    StreamsGroupCurrentMemberAssignmentValue current =
                            new StreamsGroupCurrentMemberAssignmentValue(value, VERSION);
                    assertThat(current.memberEpoch()).isEqualTo(2);
                    assertThat(current.state())
                            .isEqualTo(org.apache.kafka.coordinator.group.streams.MemberState.STABLE.value());
                    assertThat(current.activeTasks().get(0).assignmentEpochs()).isEqualTo(List.of(2, 2));
                }
                case StreamsRecords.TOPOLOGY -> {
                    StreamsGroupTopologyValue topology = new StreamsGroupTopologyValue(value, VERSION);
                    assertThat(topology.subtopologies()
                                    .get(0)
                                    .stateChangelogTopics()
                                    .get(0)
                                    .name())
                            .isEqualTo("changelog");
                }
                default -> throw new AssertionError("type " + record.type());
            }
        }
        assertThat(types).isEqualTo(StreamsRecords.TYPES);
    }
}
