package io.sluice.itests;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Requests as they stand on the wire, for peers that see what a client library hides. All are of flexible versions. */
final class Frames {
    private static final short PRODUCE_KEY = 0;
    private static final short FETCH_KEY = 1;
    private static final short PRODUCE_VERSION = 9; // the last that names topics and has no transactions behind it
    private static final short FETCH_VERSION = 12;
    private static final short REQUEST_HEADER_VERSION = 2;
    private static final int CORRELATION_AND_TAGS = 5;

    private Frames() {}

    /** One record to partition 0, to be acknowledged by the leader. */
    static byte[] produce(String topic, byte[] value) {
        ProduceRequestData.TopicProduceData data = new ProduceRequestData.TopicProduceData()
                .setName(topic)
                .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                        .setIndex(0)
                        .setRecords(MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(value)))));
        ProduceRequestData request = new ProduceRequestData().setAcks((short) 1).setTimeoutMs(30_000);
        request.topicData().add(data);
        return frame(PRODUCE_KEY, PRODUCE_VERSION, request);
    }

    /** Partition 0 from its beginning. */
    static byte[] fetch(String topic, int maxWaitMs, int minBytes, int maxBytes) {
        FetchRequestData.FetchTopic asked = new FetchRequestData.FetchTopic()
                .setTopic(topic)
                .setPartitions(List.of(new FetchRequestData.FetchPartition()
                        .setPartition(0)
                        .setFetchOffset(0L)
                        .setPartitionMaxBytes(maxBytes)));
        return frame(
                FETCH_KEY,
                FETCH_VERSION,
                new FetchRequestData()
                        .setMaxWaitMs(maxWaitMs)
                        .setMinBytes(minBytes)
                        .setMaxBytes(maxBytes)
                        .setSessionEpoch(-1)
                        .setTopics(List.of(asked)));
    }

    /** The error in the answer to {@link #produce}. */
    static short produceError(byte[] answer) {
        ByteBuffer body = ByteBuffer.wrap(answer, CORRELATION_AND_TAGS, answer.length - CORRELATION_AND_TAGS);
        ProduceResponseData response = new ProduceResponseData(new ByteBufferAccessor(body), PRODUCE_VERSION);
        return response.responses()
                .iterator()
                .next()
                .partitionResponses()
                .get(0)
                .errorCode();
    }

    private static byte[] frame(short key, short version, ApiMessage request) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(key)
                .setRequestApiVersion(version)
                .setCorrelationId(1)
                .setClientId("raw");
        ByteBuffer head =
                MessageUtil.toByteBufferAccessor(header, REQUEST_HEADER_VERSION).buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, version).buffer();
        int size = head.remaining() + body.remaining();
        return ByteBuffer.allocate(4 + size).putInt(size).put(head).put(body).array();
    }
}
