package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.broker.api.metrics.TopicTraffic;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.message.FetchResponse;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficBookTest {
    private static final Uuid ID = new Uuid(1L, 1L);

    private final TrafficBook book = new TrafficBook();

    private static FetchResponse answer(String topic, Uuid id, int bytes, ErrorCode error) {
        return new FetchResponse()
                .setResponses(List.of(new FetchResponse.FetchableTopicResponse()
                        .setTopic(topic)
                        .setTopicId(id)
                        .setPartitions(List.of(new FetchResponse.PartitionData()
                                .setErrorCode(error.code())
                                .setRecords(new ByteBufferRecords(ByteBuffer.allocate(bytes)))))));
    }

    @Test
    void shouldCountWhatGoesInAndOut() {
        TopicCounters counters = book.of(ID, "a");
        counters.appended(10L, 700);
        counters.produced(false);
        counters.produced(true);
        book.sent(answer("", ID, 300, ErrorCode.NONE));
        book.sent(answer("a", Uuid.ZERO, 30, ErrorCode.NONE));
        book.sent(answer("a", Uuid.ZERO, 0, ErrorCode.NOT_LEADER_OR_FOLLOWER));
        book.sent(answer("unknown", Uuid.ZERO, 5, ErrorCode.NONE));
        assertThat(book.topics()).containsExactly(new TopicTraffic("a", 1L, 10L, 700L, 330L, 2L, 1L, 3L, 1L));
    }

    @Test
    void shouldKeepTheTotalWhenATopicGoes() {
        book.of(ID, "a").appended(10L, 700);
        book.of(new Uuid(2L, 2L), "b").appended(1L, 70);
        book.forget(ID, "a");
        assertThat(book.topics()).extracting(TopicTraffic::topic).containsExactly("b");
        assertThat(book.total().recordsIn()).isEqualTo(11L);
        assertThat(book.total().bytesIn()).isEqualTo(770L);
    }

    @Test
    void shouldBeginAnewForATopicThatIsMadeAnew() {
        book.of(ID, "a").appended(10L, 700);
        Uuid next = new Uuid(3L, 3L);
        book.of(next, "a").appended(1L, 70);
        book.forget(ID, "a"); // the deletion of the first one is noticed late
        assertThat(book.topics())
                .singleElement()
                .extracting(TopicTraffic::recordsIn)
                .isEqualTo(1L);
        assertThat(book.total().recordsIn()).isEqualTo(11L);
    }
}
