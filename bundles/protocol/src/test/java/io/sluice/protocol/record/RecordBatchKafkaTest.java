package io.sluice.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.compress.CompressionType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our batches read by Kafka's classes, and the reverse. */
class RecordBatchKafkaTest {
    private static final long BASE_OFFSET = 1_000_000_000_000L;
    private static final long NOW = 1_790_000_000_000L;
    private static final int LIMIT = 10 * 1024 * 1024;

    private static SimpleRecord record(Random random, int i) {
        byte[] key = i % 5 == 0 ? null : ("key-" + i).getBytes(StandardCharsets.UTF_8);
        byte[] value = i % 7 == 0 ? null : new byte[random.nextInt(i % 11 == 0 ? 5_000 : 60)];
        if (value != null) {
            random.nextBytes(value);
        }
        Header[] headers = new Header[i % 4];
        for (int h = 0; h < headers.length; h++) {
            headers[h] = new RecordHeader("h\u00e9" + h, h == 1 ? null : new byte[] {1, 2, (byte) h});
        }
        return new SimpleRecord(NOW + random.nextInt(100_000) - 50_000, key, value, headers);
    }

    private static List<SimpleRecord> records(int count) {
        Random random = new Random(count);
        List<SimpleRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(record(random, i));
        }
        return records;
    }

    private static ByteBuffer build(RecordBatchBuilder builder, List<SimpleRecord> records) {
        for (SimpleRecord record : records) {
            List<io.sluice.protocol.record.RecordHeader> headers = new ArrayList<>();
            for (Header header : record.headers()) {
                headers.add(new io.sluice.protocol.record.RecordHeader(
                        header.key(), header.value() == null ? null : ByteBuffer.wrap(header.value())));
            }
            builder.append(record.key(), record.value(), headers, record.timestamp());
        }
        return builder.build();
    }

    private static RecordBatch onlyBatch(ByteBuffer bytes) {
        Iterator<MutableRecordBatch> batches =
                MemoryRecords.readableRecords(bytes).batches().iterator();
        RecordBatch batch = batches.next();
        assertThat(batches.hasNext()).isFalse();
        return batch;
    }

    private static void assertSameHeader(RecordBatchView ours, RecordBatch theirs) {
        assertThat(ours.magic()).isEqualTo(theirs.magic());
        assertThat(ours.baseOffset()).isEqualTo(theirs.baseOffset());
        assertThat(ours.lastOffset()).isEqualTo(theirs.lastOffset());
        assertThat(ours.nextOffset()).isEqualTo(theirs.nextOffset());
        assertThat(ours.sizeInBytes()).isEqualTo(theirs.sizeInBytes());
        assertThat(Integer.toUnsignedLong(ours.crc())).isEqualTo(theirs.checksum());
        assertThat(ours.isValidCrc()).isEqualTo(theirs.isValid()).isTrue();
        assertThat(ours.producerId()).isEqualTo(theirs.producerId());
        assertThat(ours.hasProducerId()).isEqualTo(theirs.hasProducerId());
        assertThat(ours.producerEpoch()).isEqualTo(theirs.producerEpoch());
        assertThat(ours.baseSequence()).isEqualTo(theirs.baseSequence());
        assertThat(ours.lastSequence()).isEqualTo(theirs.lastSequence());
        assertThat(ours.maxTimestamp()).isEqualTo(theirs.maxTimestamp());
        assertThat(ours.baseTimestamp()).isEqualTo(((DefaultRecordBatch) theirs).baseTimestamp());
        assertThat(ours.timestampType().configName()).isEqualTo(theirs.timestampType().name);
        assertThat(ours.compressionType().configName()).isEqualTo(theirs.compressionType().name);
        assertThat(ours.isTransactional()).isEqualTo(theirs.isTransactional());
        assertThat(ours.isControl()).isEqualTo(theirs.isControlBatch());
        assertThat(ours.hasDeleteHorizon()).isEqualTo(theirs.deleteHorizonMs().isPresent());
        assertThat(ours.partitionLeaderEpoch()).isEqualTo(theirs.partitionLeaderEpoch());
        assertThat(ours.recordCount()).isEqualTo(theirs.countOrNull());
    }

    private static void assertSameRecords(RecordBatchView ours, RecordBatch theirs) {
        RecordReader reader = new RecordReader();
        if (ours.compressionType() == CompressionType.NONE) {
            reader.reset(ours);
        } else {
            reader.reset(ours, ours.compressionType().decompress(ours.payload(), LIMIT));
        }
        for (Record record : theirs) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.offset()).isEqualTo(record.offset());
            assertThat(reader.timestamp()).isEqualTo(record.timestamp());
            assertThat(reader.recordSizeInBytes()).isEqualTo(record.sizeInBytes());
            assertThat(reader.key()).isEqualTo(record.key());
            assertThat(reader.value()).isEqualTo(record.value());
            assertThat(reader.hasKey()).isEqualTo(record.hasKey());
            assertThat(reader.hasValue()).isEqualTo(record.hasValue());
            assertThat(reader.keyLength()).isEqualTo(record.keySize());
            assertThat(reader.valueLength()).isEqualTo(record.valueSize());
            io.sluice.protocol.record.RecordHeader[] headers = reader.headers();
            assertThat(headers).hasSize(record.headers().length).hasSize(reader.headerCount());
            for (int h = 0; h < headers.length; h++) {
                Header expected = record.headers()[h];
                assertThat(headers[h].key()).isEqualTo(expected.key());
                assertThat(headers[h].value())
                        .isEqualTo(expected.value() == null ? null : ByteBuffer.wrap(expected.value()));
            }
        }
        assertThat(reader.next()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void shouldBuildWhatKafkaReads(CompressionType compression) {
        for (int count : new int[] {1, 2, 500}) {
            List<SimpleRecord> records = records(count);
            ByteBuffer bytes = build(
                    new RecordBatchBuilder()
                            .baseOffset(BASE_OFFSET)
                            .partitionLeaderEpoch(9)
                            .producer(77L, (short) 3, Integer.MAX_VALUE - 1)
                            .transactional(true)
                            .compression(compression),
                    records);
            RecordBatch theirs = onlyBatch(bytes);
            RecordBatchView ours = new RecordBatchView().wrap(bytes, 0);
            assertSameHeader(ours, theirs);
            assertSameRecords(ours, theirs);

            Iterator<Record> read = theirs.iterator();
            for (int i = 0; i < count; i++) {
                Record record = read.next();
                assertThat(new SimpleRecord(record)).isEqualTo(records.get(i));
                assertThat(record.offset()).isEqualTo(BASE_OFFSET + i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadWhatKafkaBuilds(CompressionType compression) {
        List<SimpleRecord> records = records(300);
        for (org.apache.kafka.common.record.TimestampType timestamps :
                new org.apache.kafka.common.record.TimestampType[] {
                    org.apache.kafka.common.record.TimestampType.CREATE_TIME,
                    org.apache.kafka.common.record.TimestampType.LOG_APPEND_TIME
                }) {
            MemoryRecordsBuilder builder = new MemoryRecordsBuilder(
                    ByteBuffer.allocate(1024),
                    RecordBatch.MAGIC_VALUE_V2,
                    Compression.of(compression.configName()).build(),
                    timestamps,
                    BASE_OFFSET,
                    NOW,
                    5L,
                    (short) 1,
                    10,
                    false,
                    false,
                    4,
                    LIMIT);
            records.forEach(builder::append);
            MemoryRecords built = builder.build();
            RecordBatchView ours =
                    new RecordBatchView().wrap(built.buffer(), built.buffer().position());
            RecordBatch theirs = built.batches().iterator().next();
            assertSameHeader(ours, theirs);
            assertSameRecords(ours, theirs);
        }
    }

    @Test
    void shouldWriteTheBytesThatKafkaWrites() {
        List<SimpleRecord> records = records(100);
        ByteBuffer theirs = MemoryRecords.withRecords(
                        RecordBatch.MAGIC_VALUE_V2, 5L, Compression.NONE, records.toArray(new SimpleRecord[0]))
                .buffer();
        assertThat(build(new RecordBatchBuilder().baseOffset(5L), records)).isEqualTo(theirs);
    }

    @Test
    void shouldSetOffsetAndEpochOutsideTheCrc() {
        ByteBuffer bytes = build(new RecordBatchBuilder(), records(3));
        RecordBatchView view = new RecordBatchView().wrap(bytes, 0);
        view.setBaseOffset(BASE_OFFSET);
        view.setPartitionLeaderEpoch(12);
        assertSameHeader(view, onlyBatch(bytes));
        assertThat(view.baseOffset()).isEqualTo(BASE_OFFSET);
        assertThat(view.partitionLeaderEpoch()).isEqualTo(12);
    }

    @ParameterizedTest
    @EnumSource
    void shouldSetTheTimestampAsKafkaDoes(TimestampType type) {
        ByteBuffer ours = build(new RecordBatchBuilder(), records(3));
        ByteBuffer theirs =
                ByteBuffer.allocate(ours.remaining()).put(ours.duplicate()).flip();
        RecordBatchView view = new RecordBatchView().wrap(ours, 0);
        view.setMaxTimestampAndType(NOW + 99L, type);
        assertThat(view.isValidCrc()).isFalse();
        view.rewriteCrc();
        MemoryRecords.readableRecords(theirs)
                .batches()
                .iterator()
                .next()
                .setMaxTimestamp(org.apache.kafka.common.record.TimestampType.forName(type.configName()), NOW + 99L);
        assertThat(ours).isEqualTo(theirs);
        assertSameRecords(view, onlyBatch(theirs));
    }

    @Test
    void shouldLeaveGapsAndALaterEndAsCompactionDoes() {
        ByteBuffer bytes = new RecordBatchBuilder()
                .baseOffset(100L)
                .deleteHorizon(NOW + 5_000L)
                .appendAt(103L, ByteBuffer.wrap(new byte[] {1}), null, List.of(), NOW)
                .appendAt(107L, null, ByteBuffer.wrap(new byte[] {2}), List.of(), NOW + 1L)
                .lastOffset(111L)
                .build();
        RecordBatch theirs = onlyBatch(bytes);
        RecordBatchView ours = new RecordBatchView().wrap(bytes, 0);
        assertSameHeader(ours, theirs);
        assertSameRecords(ours, theirs);
        assertThat(theirs.deleteHorizonMs()).hasValue(NOW + 5_000L);
        assertThat(theirs.lastOffset()).isEqualTo(111L);
        assertThat(theirs).extracting(Record::offset).containsExactly(103L, 107L);
    }

    @Test
    void shouldWriteTransactionMarkersThatKafkaReads() {
        ByteBuffer value = ByteBuffer.allocate(6).putShort((short) 0).putInt(4).flip();
        ByteBuffer bytes = new RecordBatchBuilder()
                .baseOffset(8L)
                .producer(1L, (short) 2, RecordBatchFormat.NO_SEQUENCE)
                .transactional(true)
                .control(true)
                .append(ControlRecordType.COMMIT.key(), value, NOW)
                .build();
        RecordBatch theirs = onlyBatch(bytes);
        assertSameHeader(new RecordBatchView().wrap(bytes, 0), theirs);
        EndTransactionMarker marker =
                EndTransactionMarker.deserialize(theirs.iterator().next());
        assertThat(marker.controlType()).isEqualTo(org.apache.kafka.common.record.internal.ControlRecordType.COMMIT);
        assertThat(marker.coordinatorEpoch()).isEqualTo(4);
    }

    @Test
    void shouldKnowKafkasControlRecords() {
        for (org.apache.kafka.common.record.internal.ControlRecordType theirs :
                org.apache.kafka.common.record.internal.ControlRecordType.values()) {
            if (theirs == org.apache.kafka.common.record.internal.ControlRecordType.UNKNOWN) {
                continue;
            }
            ControlRecordType ours = ControlRecordType.valueOf(theirs.name());
            assertThat(ours.id()).isEqualTo(theirs.type());
            assertThat(ours.key()).isEqualTo(theirs.recordKey());
            assertThat(ControlRecordType.ofKey(theirs.recordKey())).isEqualTo(ours);
        }
        assertThat(ControlRecordType.ofKey(null)).isNull();
        assertThat(ControlRecordType.ofKey(ByteBuffer.allocate(3))).isNull();
        assertThat(ControlRecordType.ofKey(ByteBuffer.allocate(4).putShort(2, (short) 99)))
                .isNull();
        assertThat(ControlRecordType.ofKey(ByteBuffer.allocate(4).putShort(0, (short) -1)))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, Integer.MAX_VALUE - 5, Integer.MAX_VALUE - 1, Integer.MAX_VALUE})
    void shouldWrapSequenceNumbersAsKafkaDoes(int sequence) {
        for (int increment : new int[] {0, 1, 2, 4, 5, 6, 1000, Integer.MAX_VALUE}) {
            assertThat(RecordBatchFormat.incrementSequence(sequence, increment))
                    .isEqualTo(DefaultRecordBatch.incrementSequence(sequence, increment));
        }
    }
}
