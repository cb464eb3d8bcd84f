package io.sluice.coordinator.share.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.RandomSource;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.protocol.record.RecordBatchIterator;
import io.sluice.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadLetterRecordsTest {
    private static final byte NO_KEY = -1;
    private static final TopicIdPartition PARTITION = new TopicIdPartition(new Uuid(0L, 9L), "topic", 0);

    private final SimulatedPartitions partitions =
            new SimulatedPartitions("topic", 1, new SimulatedScheduler(RandomSource.seeded(1L)));

    private void log(int records, int valueBytes) {
        partitions.elect(0, 1);
        for (int i = 0; i < records; i++) {
            partitions
                    .log(0)
                    .append(new RecordBatchBuilder()
                            .append(ByteBuffer.wrap(new byte[] {(byte) i}), ByteBuffer.allocate(valueBytes), 0L)
                            .build());
        }
        partitions.log(0).commitTo(records);
    }

    private List<ByteBuffer> batches(long first, long last, boolean copies) {
        return batches(first, last, copies, 1_048_588);
    }

    private List<ByteBuffer> batches(long first, long last, boolean copies, int batchBytesMax) {
        DeadLetter letter = new DeadLetter(first, last, 5, DeadLetter.Cause.REJECTED);
        DeadLetterRecords records =
                new DeadLetterRecords(partitions, 1L, "group", PARTITION, letter, copies, batchBytesMax);
        List<ByteBuffer> batches = new ArrayList<>();
        ByteBuffer batch;
        while ((batch = records.next()) != null) {
            batches.add(batch);
        }
        return batches;
    }

    private static List<Byte> keys(List<ByteBuffer> batches) {
        List<Byte> keys = new ArrayList<>();
        for (ByteBuffer bytes : batches) {
            RecordBatchIterator iterator = new RecordBatchIterator(bytes.duplicate());
            RecordReader reader = new RecordReader();
            while (iterator.next()) {
                reader.reset(iterator.batch());
                while (reader.next()) {
                    ByteBuffer key = reader.key();
                    keys.add(key == null ? NO_KEY : key.get(0));
                }
            }
        }
        return keys;
    }

    @Test
    void shouldCopyLargeRecordsInBatchesThatTopicsTake() {
        log(10, 400_000);

        List<ByteBuffer> batches = batches(2L, 8L, true);

        assertThat(batches).hasSize(7).allMatch(batch -> batch.remaining() < 500_000);
        assertThat(keys(batches)).containsExactly((byte) 2, (byte) 3, (byte) 4, (byte) 5, (byte) 6, (byte) 7, (byte) 8);
    }

    @Test
    void shouldPutSmallRecordsTogether() {
        log(10, 100);

        List<ByteBuffer> batches = batches(0L, 9L, true);

        assertThat(batches).hasSize(1);
        assertThat(keys(batches)).hasSize(10);
    }

    @Test
    void shouldMakeBatchesThatTheTopicTakesAndLeaveOutOriginalsThatFitInNone() {
        log(4, 100);
        partitions
                .log(0)
                .append(new RecordBatchBuilder()
                        .append(ByteBuffer.wrap(new byte[] {4}), ByteBuffer.allocate(2_000), 0L)
                        .build());
        partitions.log(0).commitTo(5L);

        List<ByteBuffer> batches = batches(0L, 4L, true, 1_000);

        assertThat(batches).hasSizeGreaterThan(1).allMatch(batch -> batch.remaining() <= 1_000);
        assertThat(keys(batches)).containsExactly((byte) 0, (byte) 1, (byte) 2, (byte) 3, NO_KEY);
    }

    @Test
    void shouldCopyWhatIsStillThereBehindWhatIsGoneFromTheLog() {
        log(10, 100);
        partitions.deleteRecords(PARTITION.topicPartition(), 3L);

        assertThat(keys(batches(1L, 5L, true))).containsExactly(NO_KEY, NO_KEY, (byte) 3, (byte) 4, (byte) 5);
    }

    @Test
    void shouldTellOfRecordsThatAreNotWantedOrNotThereAnyMore() {
        log(3, 100);

        assertThat(batches(0L, 4L, false)).hasSize(1);
        assertThat(batches(3L, 4L, true)).hasSize(1);
    }
}
