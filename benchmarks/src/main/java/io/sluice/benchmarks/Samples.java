package io.sluice.benchmarks;

import io.sluice.base.RandomSource;
import io.sluice.base.Uuid;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.message.FetchResponse;
import io.sluice.protocol.message.MetadataResponse;
import io.sluice.protocol.message.ProduceRequest;
import io.sluice.protocol.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the benchmarks work on, the same in every run: text like events in JSON, which lz4 and zstd make about a third of. */
final class Samples {
    static final int VALUE_BYTES = 1_000;

    private static final int RECORD_OVERHEAD_BYTES = 10;
    private static final int BATCH_HEADER_BYTES = 61;
    private static final String[] WORDS = {
        "customer", "order", "shipped", "pending", "amount", "currency", "EUR", "warehouse", "country", "timestamp"
    };

    private Samples() {}

    /** A batch of records of 1,000 bytes that takes about so many bytes before it is compressed, in a direct buffer. */
    static ByteBuffer batch(int bytes, CompressionType codec, long timestampMs) {
        RandomSource random = RandomSource.seeded(bytes);
        RecordBatchBuilder builder = new RecordBatchBuilder().compression(codec);
        int records = Math.max(1, (bytes - BATCH_HEADER_BYTES) / (VALUE_BYTES + RECORD_OVERHEAD_BYTES));
        for (int i = 0; i < records; i++) {
            builder.append(null, value(random), timestampMs);
        }
        ByteBuffer heap = builder.build();
        return ByteBuffer.allocateDirect(heap.remaining()).put(heap).flip();
    }

    private static ByteBuffer value(RandomSource random) {
        StringBuilder text = new StringBuilder(VALUE_BYTES + 32);
        while (text.length() < VALUE_BYTES) {
            text.append('"').append(WORDS[random.nextInt(WORDS.length)]).append("\":\"");
            text.append(Long.toString(random.nextLong(), Character.MAX_RADIX), 0, 6)
                    .append("\",");
        }
        text.setLength(VALUE_BYTES);
        return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    static ProduceRequest produceRequest(int partitions, int batchBytes) {
        List<ProduceRequest.PartitionProduceData> data = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            data.add(new ProduceRequest.PartitionProduceData()
                    .setIndex(i)
                    .setRecords(new ByteBufferRecords(batch(batchBytes, CompressionType.NONE, 1L))));
        }
        return new ProduceRequest()
                .setAcks((short) -1)
                .setTimeoutMs(30_000)
                .setTopicData(List.of(new ProduceRequest.TopicProduceData()
                        .setTopicId(new Uuid(1L, 2L))
                        .setPartitionData(data)));
    }

    static FetchResponse fetchResponse(int partitions, int batchBytes) {
        List<FetchResponse.PartitionData> data = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            data.add(new FetchResponse.PartitionData()
                    .setPartitionIndex(i)
                    .setHighWatermark(1_000_000L)
                    .setLastStableOffset(1_000_000L)
                    .setRecords(new ByteBufferRecords(batch(batchBytes, CompressionType.NONE, 1L))));
        }
        return new FetchResponse()
                .setSessionId(42)
                .setResponses(List.of(new FetchResponse.FetchableTopicResponse()
                        .setTopicId(new Uuid(1L, 2L))
                        .setPartitions(data)));
    }

    static MetadataResponse metadataResponse(int topics, int partitions) {
        List<MetadataResponse.MetadataResponseTopic> all = new ArrayList<>();
        for (int topic = 0; topic < topics; topic++) {
            List<MetadataResponse.MetadataResponsePartition> of = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                of.add(new MetadataResponse.MetadataResponsePartition()
                        .setPartitionIndex(partition)
                        .setLeaderId(1)
                        .setReplicaNodes(List.of(1, 2, 3))
                        .setIsrNodes(List.of(1, 2, 3))
                        .setOfflineReplicas(List.of()));
            }
            all.add(new MetadataResponse.MetadataResponseTopic()
                    .setName("orders-of-region-" + topic)
                    .setTopicId(new Uuid(1L, topic + 1L))
                    .setPartitions(of));
        }
        return new MetadataResponse()
                .setBrokers(List.of(new MetadataResponse.MetadataResponseBroker()
                        .setNodeId(1)
                        .setHost("broker-1.example.org")
                        .setPort(9092)))
                .setClusterId("cluster")
                .setControllerId(1)
                .setTopics(all);
    }
}
