package io.sluice.handlers.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.SpecialTimestamp;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ListOffsetsRequest;
import io.sluice.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.sluice.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.sluice.protocol.message.ListOffsetsResponse;
import io.sluice.protocol.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.sluice.protocol.message.OffsetForLeaderEpochRequest;
import io.sluice.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.sluice.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.sluice.protocol.message.OffsetForLeaderEpochResponse;
import io.sluice.protocol.message.OffsetForLeaderEpochResponse.EpochEndOffset;
import io.sluice.request.kit.MemoryPartitions;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OffsetHandlersTest {
    private static final int NEWEST = ApiKey.LIST_OFFSETS.highestStableVersion();

    private final MemoryPartitions partitions = new MemoryPartitions().partition("t", 0, 3L, 8L, 10L);
    private final ListOffsetsHandler offsets = new ListOffsetsHandler(partitions);
    private final OffsetForLeaderEpochHandler epochs = new OffsetForLeaderEpochHandler(partitions);

    private static ListOffsetsRequest at(long timestamp, int... indexes) {
        ListOffsetsTopic topic = new ListOffsetsTopic().setName("t");
        for (int index : indexes) {
            topic.partitions()
                    .add(new ListOffsetsPartition().setPartitionIndex(index).setTimestamp(timestamp));
        }
        return new ListOffsetsRequest().setReplicaId(-1).setTopics(List.of(topic));
    }

    private List<ListOffsetsPartitionResponse> list(int version, ListOffsetsRequest asked) {
        RecordingRequest request = RecordingRequest.of(version, asked);
        offsets.handle(request);
        return request.response(ListOffsetsResponse.class).topics().get(0).partitions();
    }

    @Test
    void shouldListOffsetsInEveryVersion() {
        for (int version = 1; version <= NEWEST; version++) {
            ListOffsetsPartitionResponse latest =
                    list(version, at(SpecialTimestamp.LATEST, 0)).get(0);
            ListOffsetsPartitionResponse earliest =
                    list(version, at(SpecialTimestamp.EARLIEST, 0)).get(0);

            assertThat(latest.offset()).isEqualTo(10L);
            assertThat(latest.timestamp()).isEqualTo(-1L);
            assertThat(latest.leaderEpoch()).isEqualTo(version >= 4 ? 0 : -1);
            assertThat(earliest.offset()).isEqualTo(3L);
        }
    }

    @ParameterizedTest
    @CsvSource({"-3, 6, 7", "-4, 7, 8", "-5, 8, 9", "-6, 10, 11", "-7, 11, 0"})
    void shouldRefuseSpecialValuesInVersionsFromBeforeThem(long timestamp, int before, int since) {
        assertThat(list(before, at(timestamp, 0)).get(0).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
        if (since > 0) {
            assertThat(list(since, at(timestamp, 0)).get(0).errorCode()).isZero();
        }
    }

    @Test
    void shouldStopReadersOfCommittedRecordsAtTheLastStableOffset() {
        ListOffsetsRequest committed = at(SpecialTimestamp.LATEST, 0).setIsolationLevel((byte) 1);

        assertThat(list(NEWEST, committed).get(0).offset()).isEqualTo(8L);
        assertThat(list(NEWEST, committed.setReplicaId(-2)).get(0).offset()).isEqualTo(10L);
    }

    @Test
    void shouldRefuseAPartitionThatIsNamedTwiceAndAnswerForItOnce() {
        List<ListOffsetsPartitionResponse> answers = list(NEWEST, at(SpecialTimestamp.LATEST, 0, 0, 1));

        assertThat(answers)
                .extracting(answer -> ErrorCode.of(answer.errorCode()))
                .containsExactly(ErrorCode.INVALID_REQUEST, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(answers.get(0).offset()).isEqualTo(-1L);
    }

    @Test
    void shouldHideOffsetsOfTopicsThatMayNotBeDescribed() {
        RecordingRequest request = RecordingRequest.of(NEWEST, at(SpecialTimestamp.LATEST, 0))
                .allowing((operation, resource) -> operation != Operation.DESCRIBE);

        offsets.handle(request);

        ListOffsetsPartitionResponse refused = request.response(ListOffsetsResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0);
        assertThat(refused.errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
        assertThat(refused.offset()).isEqualTo(-1L);
    }

    private static OffsetForLeaderEpochRequest epoch(String topic) {
        OffsetForLeaderTopic asked = new OffsetForLeaderTopic().setTopic(topic);
        asked.partitions().add(new OffsetForLeaderPartition().setPartition(0).setLeaderEpoch(0));
        return new OffsetForLeaderEpochRequest().setTopics(List.of(asked));
    }

    private static EpochEndOffset only(RecordingRequest request) {
        return request.response(OffsetForLeaderEpochResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }

    @Test
    void shouldGiveTheEndOfAnEpochInEveryVersion() {
        for (int version = 2; version <= 4; version++) {
            RecordingRequest request = RecordingRequest.of(version, epoch("t"));
            epochs.handle(request);
            assertThat(only(request).endOffset()).isEqualTo(10L);
            assertThat(only(request).leaderEpoch()).isZero();
        }
    }

    @Test
    void shouldGiveEpochsToReplicasAndToThoseWhoMayDescribe() {
        RecordingRequest consumer =
                RecordingRequest.of(4, epoch("t")).allowing((operation, resource) -> operation == Operation.DESCRIBE);
        RecordingRequest replica = RecordingRequest.of(4, epoch("t"))
                .allowing((operation, resource) -> operation == Operation.CLUSTER_ACTION);
        RecordingRequest nobody = RecordingRequest.of(4, epoch("t")).allowing((operation, resource) -> false);

        epochs.handle(consumer);
        epochs.handle(replica);
        epochs.handle(nobody);

        assertThat(only(consumer).errorCode()).isZero();
        assertThat(only(replica).errorCode()).isZero();
        assertThat(only(nobody).errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
        assertThat(only(nobody).endOffset()).isEqualTo(-1L);
    }
}
