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
}
