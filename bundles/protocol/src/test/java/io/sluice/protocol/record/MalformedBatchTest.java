package io.sluice.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.protocol.Allocation;
import io.sluice.protocol.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Batches and records that lie about themselves. */
class MalformedBatchTest {

    private static ByteBuffer batch(int records) {
        RecordBatchBuilder builder = new RecordBatchBuilder();
        for (int i = 0; i < records; i++) {
            builder.append(
                    ByteBuffer.wrap(new byte[] {1, 2, 3}),
                    ByteBuffer.wrap(new byte[10]),
                    List.of(new RecordHeader("h", ByteBuffer.wrap(new byte[2])), new RecordHeader("i", null)),
                    1000L + i);
        }
        return builder.build();
    }

    private static int readAll(RecordBatchView view) {
        RecordReader reader = new RecordReader().reset(view);
        int count = 0;
        while (reader.next()) {
            count++;
        }
        return count;
    }

    @Test
    void shouldWalkOverWholeBatchesAndLeaveTheRest() {
        ByteBuffer one = batch(2);
        ByteBuffer two = batch(5);
        int whole = one.remaining() + two.remaining();
        ByteBuffer all = ByteBuffer.allocate(5 + whole + 20).position(5);
        all.put(one.duplicate())
                .put(two.duplicate())
                .put(one.duplicate().limit(20))
                .flip()
                .position(5);

        RecordBatchIterator batches = new RecordBatchIterator(all);
        assertThat(batches.next()).isTrue();
        assertThat(readAll(batches.batch())).isEqualTo(2);
        assertThat(batches.next()).isTrue();
        assertThat(readAll(batches.batch())).isEqualTo(5);
        assertThat(batches.next()).isFalse();
        assertThat(batches.position()).isEqualTo(5 + whole);
        assertThat(batches.remaining()).isEqualTo(20);
        assertThat(all.position()).isEqualTo(5);
    }

    @Test
    void shouldTellACutOffBatchFromAWholeOneAtEveryLength() {
        ByteBuffer whole = batch(1);
        for (int size = 0; size < whole.limit(); size++) {
            ByteBuffer cut = whole.duplicate().limit(size);
            assertThat(new RecordBatchIterator(cut).next()).isFalse();
            assertThatThrownBy(() -> new RecordBatchView().wrap(cut, 0)).isInstanceOf(MalformedMessageException.class);
        }
        assertThat(new RecordBatchIterator(whole).next()).isTrue();
    }

    @Test
    void shouldRefuseALengthThatNoBatchHas() {
        for (int length : new int[] {-1, 0, 13, 48, Integer.MIN_VALUE}) {
            ByteBuffer bytes = batch(1);
            bytes.putInt(RecordBatchFormat.LENGTH, length);
            assertThatThrownBy(() -> new RecordBatchIterator(bytes).next())
                    .isInstanceOf(MalformedMessageException.class)
                    .hasMessageContaining(String.valueOf(length));
        }
        ByteBuffer huge = batch(1);
        huge.putInt(RecordBatchFormat.LENGTH, Integer.MAX_VALUE);
        assertThat(new RecordBatchIterator(huge).next()).isFalse();
    }

    @Test
    void shouldRefuseARecordCountThatLies() {
        for (int count : new int[] {-1, 0, 2, 4, Integer.MAX_VALUE}) {
            ByteBuffer bytes = batch(3);
            bytes.putInt(RecordBatchFormat.RECORD_COUNT, count);
            RecordBatchView view = new RecordBatchView().wrap(bytes, 0);
            assertThatThrownBy(() -> readAll(view)).as("count %s", count).isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void shouldRefuseAnUnknownCompression() {
        ByteBuffer bytes = batch(1);
        bytes.putShort(RecordBatchFormat.ATTRIBUTES, (short) 7);
        assertThatThrownBy(() -> new RecordBatchView().wrap(bytes, 0).compressionType())
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void shouldSeeEveryFlippedBitByTheCrc() {
        ByteBuffer bytes = batch(1);
        for (int at = RecordBatchFormat.CRC; at < bytes.limit(); at++) {
            bytes.put(at, (byte) (bytes.get(at) ^ 4));
            assertThat(new RecordBatchView().wrap(bytes, 0).isValidCrc())
                    .as("byte %s", at)
                    .isFalse();
            bytes.put(at, (byte) (bytes.get(at) ^ 4));
        }
        assertThat(new RecordBatchView().wrap(bytes, 0).isValidCrc()).isTrue();
    }

    @Test
    void shouldEndWithAClearRefusalOnMutatedRecords() {
        Random random = new Random(5);
        ByteBuffer valid = batch(4);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer bytes = ByteBuffer.allocate(valid.remaining())
                    .put(valid.duplicate())
                    .flip();
            for (int change = 0; change <= random.nextInt(3); change++) {
                int at =
                        RecordBatchFormat.HEADER_BYTES + random.nextInt(bytes.limit() - RecordBatchFormat.HEADER_BYTES);
                bytes.put(at, (byte) random.nextInt());
            }
            try {
                readAllWithHeaders(new RecordBatchView().wrap(bytes, 0));
            } catch (MalformedMessageException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    private static void readAllWithHeaders(RecordBatchView view) {
        RecordReader reader = new RecordReader().reset(view);
        while (reader.next()) {
            assertThat(reader.headers()).hasSize(reader.headerCount());
        }
    }

    @Property(tries = 2000)
    void shouldEndOnArbitraryBytes(@ForAll @Size(max = 150) byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            RecordBatchIterator batches = new RecordBatchIterator(buffer);
            while (batches.next()) {
                if (batches.batch().magic() == RecordBatchFormat.MAGIC_V2) {
                    readAllWithHeaders(batches.batch());
                }
            }
            assertThat(batches.position()).isLessThanOrEqualTo(buffer.limit());
        } catch (MalformedMessageException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Test
    void shouldNotAllocateForEachRecord() {
        RecordBatchView view = new RecordBatchView().wrap(batch(10_000), 0);
        RecordReader reader = new RecordReader();
        Runnable walk = () -> {
            reader.reset(view);
            long bytes = 0L;
            while (reader.next()) {
                bytes += reader.recordSizeInBytes() + reader.keyLength() + reader.valueLength();
            }
            assertThat(bytes).isPositive();
        };
        walk.run();
        assertThat(Allocation.of(walk)).isLessThan(4_000L);
    }
}
