package io.sluice.handlers.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.message.FetchRequest;
import io.sluice.protocol.message.FetchResponse;
import io.sluice.request.kit.MemoryBroker;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.MemoryPartitions;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Operation;
import io.sluice.storage.api.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FetchHandlerTest {
    private static final int BATCH_BYTES = 100;
    private static final int END = 10;

    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MemoryPartitions partitions = new MemoryPartitions().reading(this::read);
    private final FetchHandler handler = new FetchHandler(partitions, metadata, new MemoryBroker());
    private final Set<String> deleted = new HashSet<>();

    /** Every offset is a batch of a hundred bytes. */
    private FetchOutcome read(FetchPosition position, int maxBytes, boolean minOneBatch) {
        String topic = position.partition().topic();
        if (deleted.contains(topic) || metadata.image().topic(topic) == null) {
            return FetchOutcome.refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (position.offset() > END) {
            return FetchOutcome.refused(ErrorCode.OFFSET_OUT_OF_RANGE);
        }
        int batches = maxBytes / BATCH_BYTES;
        if (batches == 0 && minOneBatch && maxBytes > 0) {
            batches = 1;
        }
        int bytes = (int) Math.min(batches, END - position.offset()) * BATCH_BYTES;
        if (position.readCommitted()) {
            return new FetchOutcome(
                    ErrorCode.NONE,
                    END,
                    END - 1,
                    0L,
                    -1,
                    -1L,
                    new ByteBufferRecords(ByteBuffer.allocate(bytes)),
                    List.of(new AbortedTransaction(77L, 2L, 5L, 6L)));
        }
        return new FetchOutcome(
                ErrorCode.NONE, END, END, 0L, -1, -1L, new ByteBufferRecords(ByteBuffer.allocate(bytes)));
    }

    private static FetchRequest.FetchTopic from(String topic, long offset, int maxBytes) {
        FetchRequest.FetchPartition partition = new FetchRequest.FetchPartition()
                .setPartition(0)
                .setFetchOffset(offset)
                .setPartitionMaxBytes(maxBytes);
        return new FetchRequest.FetchTopic().setTopic(topic).setPartitions(List.of(partition));
    }

    private static FetchRequest asking(FetchRequest.FetchTopic... topics) {
        return new FetchRequest()
                .setReplicaId(-1)
                .setMaxWaitMs(60_000)
                .setMinBytes(1)
                .setMaxBytes(10_000)
                .setSessionEpoch(-1)
                .setTopics(List.of(topics));
    }

    private RecordingRequest send(FetchRequest asked) {
        RecordingRequest request = RecordingRequest.of(12, asked);
        handler.handle(request);
        return request;
    }

    private static List<String> answers(RecordingRequest request) {
        List<String> answers = new ArrayList<>();
        for (FetchResponse.FetchableTopicResponse topic :
                request.response(FetchResponse.class).responses()) {
            for (FetchResponse.PartitionData data : topic.partitions()) {
                int bytes = data.records() == null ? 0 : data.records().sizeInBytes();
                answers.add(topic.topic() + " " + ErrorCode.of(data.errorCode()) + " " + bytes);
            }
        }
        return answers;
    }

    @Test
    void shouldReadUpToTheLimits() {
        metadata.topic("a", 1);
        metadata.topic("b", 1);
        FetchRequest asked = asking(from("a", 0, 250), from("b", 0, 1_000)).setMaxBytes(500);
        assertThat(answers(send(asked))).containsExactly("a NONE 200", "b NONE 300");
    }

    @Test
    void shouldTellReadersOfCommittedRecordsWhatWasAborted() {
        metadata.topic("a", 1);
        FetchResponse.PartitionData committed =
                onlyPartition(send(asking(from("a", 0, 250)).setIsolationLevel((byte) 1)));
        assertThat(committed.highWatermark()).isEqualTo(END);
        assertThat(committed.lastStableOffset()).isEqualTo(END - 1);
        assertThat(committed.abortedTransactions())
                .containsExactly(new FetchResponse.AbortedTransaction()
                        .setProducerId(77L)
                        .setFirstOffset(2L));
        assertThat(onlyPartition(send(asking(from("a", 0, 250)))).abortedTransactions())
                .isNull();
    }

    private static FetchResponse.PartitionData onlyPartition(RecordingRequest request) {
        return request.response(FetchResponse.class)
                .responses()
                .get(0)
                .partitions()
                .get(0);
    }

    @Test
    void shouldLetOneBatchThroughWhateverTheLimits() {
        metadata.topic("a", 1);
        metadata.topic("b", 1);
        assertThat(answers(send(asking(from("a", END, 0), from("b", 0, 0))))).containsExactly("a NONE 0", "b NONE 100");
        for (int maxBytes : new int[] {-1, 0, 1}) {
            assertThat(answers(send(
                            asking(from("a", 0, 1_000), from("b", 0, 1_000)).setMaxBytes(maxBytes))))
                    .containsExactly("a NONE 100", "b NONE 0");
        }
    }

    @Test
    void shouldWaitWithWhatCanBeReadThoughSomethingElseIsUnknown() {
        metadata.topic("a", 1);
        RecordingRequest request = send(asking(from("nope", 0, 1_000), from("a", END, 1_000)));
        assertThat(request.isAnswered()).isFalse();
        assertThat(partitions.watched())
                .extracting(position -> position.partition().topic())
                .containsExactly("a");
        handler.resume(request, Objects.requireNonNull(request.parked()).continuation(), true);
        assertThat(answers(request)).containsExactly("nope UNKNOWN_TOPIC_OR_PARTITION 0", "a NONE 0");
    }

    @Test
    void shouldAnswerAtOnceWhenNothingCanBeRead() {
        assertThat(answers(send(asking(from("nope", 0, 1_000))))).containsExactly("nope UNKNOWN_TOPIC_OR_PARTITION 0");
        assertThat(answers(send(asking()))).isEmpty();
    }

    @Test
    void shouldTakeAnyNegativeEpochAsNone() {
        metadata.topic("a", 1);
        FetchRequest.FetchTopic asked = from("a", END, 1_000);
        asked.partitions().get(0).setCurrentLeaderEpoch(-2).setLastFetchedEpoch(-7);
        send(asking(asked));
        assertThat(partitions.watched()).singleElement().satisfies(position -> {
            assertThat(position.currentLeaderEpoch()).isEqualTo(-1);
            assertThat(position.lastFetchedEpoch()).isEqualTo(-1);
        });
    }

    @Test
    void shouldAnswerAtOnceWhenAnOffsetIsOutOfRange() {
        metadata.topic("a", 1);
        metadata.topic("b", 1);
        assertThat(answers(send(asking(from("a", END, 1_000), from("b", END + 1, 1_000)))))
                .containsExactly("a NONE 0", "b OFFSET_OUT_OF_RANGE 0");
    }

    @Test
    void shouldTellAtOnceOfATopicThatGoesAwayWhileARequestWaits() {
        metadata.topic("a", 1);
        metadata.topic("b", 1);
        RecordingRequest request = send(asking(from("a", END, 1_000), from("b", END, 1_000)));
        assertThat(request.isAnswered()).isFalse();
        deleted.add("a");
        handler.resume(request, Objects.requireNonNull(request.parked()).continuation(), false);
        assertThat(answers(request)).containsExactly("a UNKNOWN_TOPIC_OR_PARTITION 0", "b NONE 0");
    }

    @Test
    void shouldCallATopicUnknownByWhatWasAskedFor() {
        assertThat(answers(send(asking(from("", 0, 1_000))))).containsExactly(" UNKNOWN_TOPIC_OR_PARTITION 0");
        for (Uuid id : List.of(Uuid.ZERO, new Uuid(5L, 5L))) {
            RecordingRequest request =
                    RecordingRequest.of(13, asking(from("", 0, 1_000).setTopicId(id)));
            handler.handle(request);
            assertThat(answers(request)).containsExactly(" UNKNOWN_TOPIC_ID 0");
        }
    }

    @Test
    void shouldWaitForWhatIsNotInMemoryWhateverTheClientsTime() {
        metadata.topic("a", 1);
        partitions.cold().add("a");
        RecordingRequest request = send(asking(from("a", 0, 1_000)).setMaxWaitMs(0));
        assertThat(request.isAnswered()).isFalse();
        assertThat(partitions.warming()).containsExactly("a");
        assertThat(partitions.watched()).isEmpty(); // or what is there already would wake it at once, again and again
        partitions.cold().clear();
        handler.resume(request, Objects.requireNonNull(request.parked()).continuation(), false);
        assertThat(answers(request)).containsExactly("a NONE 1000");
    }

    @Test
    void shouldAnswerWithWhatIsInMemoryAndBringTheRestThereMeanwhile() {
        metadata.topic("a", 1);
        metadata.topic("b", 1);
        partitions.cold().add("a");
        assertThat(answers(send(asking(from("a", 0, 1_000), from("b", 0, 500)).setMinBytes(1_000))))
                .containsExactly("a NONE 0", "b NONE 500");
        assertThat(partitions.warming()).containsExactly("a");
    }

    @Test
    void shouldAnswerWithoutWhatTheDiskDoesNotGiveInTime() {
        metadata.topic("a", 1);
        partitions.cold().add("a");
        RecordingRequest request = send(asking(from("a", 0, 1_000)));
        handler.resume(request, Objects.requireNonNull(request.parked()).continuation(), true);
        assertThat(answers(request)).containsExactly("a NONE 0");
    }

    @Test
    void shouldReadAtOnceWhatIsNeverInMemoryForLong() {
        metadata.topic("a", 1);
        partitions.cold().add("a");
        RecordingRequest request = send(asking(from("a", 0, 1_000)));
        for (int i = 0; i < 2; i++) {
            handler.resume(request, Objects.requireNonNull(request.parked()).continuation(), false);
            assertThat(request.isAnswered()).isFalse();
        }
        handler.resume(request, Objects.requireNonNull(request.parked()).continuation(), false);
        assertThat(answers(request)).containsExactly("a NONE 1000");
    }

    @Test
    void shouldGoOnWithARequestThatAnotherVersionParked() {
        metadata.topic("a", 1);
        RecordingRequest request = RecordingRequest.of(12, asking(from("a", 0, 1_000)));
        handler.resume(request, new long[] {0L, Long.MAX_VALUE / 2}, false);
        assertThat(answers(request)).containsExactly("a NONE 1000");
    }

    @Test
    void shouldRefuseWhoSaysThatItIsAReplicaAndIsNone() {
        metadata.topic("a", 1);
        FetchRequest.FetchTopic knowing = from("a", 0, 1_000);
        knowing.partitions().get(0).setCurrentLeaderEpoch(0);
        assertThat(answers(send(asking(from("a", 0, 1_000)).setReplicaId(7))))
                .containsExactly("a NOT_LEADER_OR_FOLLOWER 0");
        assertThat(answers(send(asking(knowing).setReplicaId(0)))).containsExactly("a UNKNOWN_LEADER_EPOCH 0");
        FetchRequest.FetchTopic byId = from("", 0, 1_000)
                .setTopicId(Objects.requireNonNull(metadata.image().topic("a")).id());
        FetchRequest newest = asking(byId).setReplicaState(new FetchRequest.ReplicaState().setReplicaId(7));
        RecordingRequest request = RecordingRequest.of(17, newest);
        handler.handle(request);
        assertThat(answers(request)).containsExactly(" NOT_LEADER_OR_FOLLOWER 0");
    }

    @Test
    void shouldLetOnlyThoseBeReplicasWhoMayActForTheCluster() {
        metadata.topic("a", 1);
        RecordingRequest request = RecordingRequest.of(
                        12, asking(from("a", 0, 1_000)).setReplicaId(7))
                .allowing((operation, resource) -> operation != Operation.CLUSTER_ACTION);
        handler.handle(request);
        assertThat(answers(request)).containsExactly("a TOPIC_AUTHORIZATION_FAILED 0");
    }
}
