package io.sluice.handlers.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOutcome;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.message.ProduceRequest;
import io.sluice.protocol.message.ProduceRequest.PartitionProduceData;
import io.sluice.protocol.message.ProduceRequest.TopicProduceData;
import io.sluice.protocol.message.ProduceResponse;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.request.kit.MemoryBroker;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.MemoryPartitions;
import io.sluice.request.kit.RecordingRequest;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProduceHandlerTest {
    private static final String TOPIC = "orders";

    private final MemoryMetadata metadata = new MemoryMetadata();
    private final TopicImage topic = metadata.topic(TOPIC, 1);
    private final MemoryPartitions partitions = new MemoryPartitions().appending(ProduceHandlerTest::accept);
    private final MemoryBroker broker = new MemoryBroker();
    private final ProduceHandler handler = new ProduceHandler(partitions, metadata, broker);

    private static AppendOutcome accept(AppendEntry entry) {
        return new AppendOutcome(ErrorCode.NONE, 7L, 7L, -1L, 3L, List.of(), null);
    }

    private static ByteBuffer batch(CompressionType codec) {
        return new RecordBatchBuilder()
                .compression(codec)
                .append(null, ByteBuffer.wrap(new byte[] {1, 2, 3}), 1_000L)
                .build();
    }

    private static ProduceRequest request(TopicProduceData asked, ByteBuffer batch) {
        PartitionProduceData partition =
                new PartitionProduceData().setIndex(0).setRecords(new ByteBufferRecords(batch));
        ProduceRequest request = new ProduceRequest().setAcks((short) -1).setTimeoutMs(1_000);
        request.topicData().add(asked.setPartitionData(List.of(partition)));
        return request;
    }

    private ErrorCode send(int version, ProduceRequest asked) {
        RecordingRequest request = RecordingRequest.of(version, asked);
        handler.handle(request);
        ProduceResponse response = request.response(ProduceResponse.class);
        return ErrorCode.of(
                response.responses().get(0).partitionResponses().get(0).errorCode());
    }

    private static TopicProduceData named(String name) {
        return new TopicProduceData().setName(name);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 6, 7, 12})
    void shouldAppendWhatIsNamed(int version) {
        assertThat(send(version, request(named(TOPIC), batch(CompressionType.LZ4))))
                .isEqualTo(ErrorCode.NONE);
        assertThat(partitions.appended())
                .extracting(AppendEntry::partition)
                .containsExactly(new TopicPartition(TOPIC, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 6})
    void shouldRefuseZstdOfClientsThatDoNotKnowIt(int version) {
        assertThat(send(version, request(named(TOPIC), batch(CompressionType.ZSTD))))
                .isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(partitions.appended()).isEmpty();
        assertThat(send(7, request(named(TOPIC), batch(CompressionType.ZSTD)))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldFindATopicByItsId() {
        assertThat(send(13, request(new TopicProduceData().setTopicId(topic.id()), batch(CompressionType.NONE))))
                .isEqualTo(ErrorCode.NONE);
        assertThat(partitions.appended())
                .extracting(AppendEntry::partition)
                .containsExactly(new TopicPartition(TOPIC, 0));
    }

    @Test
    void shouldNotKnowAnIdThatIsZeroOrOfNoTopic() {
        for (Uuid id : List.of(Uuid.ZERO, new Uuid(5L, 5L))) {
            assertThat(send(13, request(new TopicProduceData().setTopicId(id), batch(CompressionType.NONE))))
                    .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        }
        assertThat(partitions.appended()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(shorts = {-2, 2})
    void shouldRefuseOtherAcks(short acks) {
        assertThat(send(12, request(named(TOPIC), batch(CompressionType.NONE)).setAcks(acks)))
                .isEqualTo(ErrorCode.INVALID_REQUIRED_ACKS);
    }

    @Test
    void shouldNotLetClientsWriteToInternalTopics() {
        assertThat(send(12, request(named("__consumer_offsets"), batch(CompressionType.NONE))))
                .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
    }
}
