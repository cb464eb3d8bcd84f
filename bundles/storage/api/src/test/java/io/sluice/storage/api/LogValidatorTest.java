package io.sluice.storage.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.TimestampType;
import io.sluice.storage.api.AppendResult.Rejected;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LogValidatorTest {
    private static final long NOW = 1_700_000_000_000L;

    private final LogValidator validator = new LogValidator("orders-0");

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static RecordBatchBuilder builder(int records) {
        RecordBatchBuilder builder = new RecordBatchBuilder();
        for (int i = 0; i < records; i++) {
            builder.append(bytes("key" + i), bytes("value" + i), NOW + i);
        }
        return builder;
    }

    private @Nullable Rejected check(ByteBuffer batches, String... config) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < config.length; i += 2) {
            values.put(config[i], config[i + 1]);
        }
        return validator.checkClient(batches, LogConfig.from(values), NOW);
    }

    private ErrorCode error(ByteBuffer batches, String... config) {
        Rejected rejected = check(batches, config);
        return rejected == null ? ErrorCode.NONE : rejected.error();
    }

    /** Changes bytes of a batch and makes its CRC right again. */
    private static ByteBuffer forged(ByteBuffer batch, java.util.function.Consumer<ByteBuffer> change) {
        change.accept(batch);
        new RecordBatchView().wrap(batch, 0).rewriteCrc();
        return batch;
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldAcceptWhatAProducerSends(CompressionType codec) {
        assertThat(check(builder(20).compression(codec).build())).isNull();
        assertThat(validator.maxTimestamp()).isEqualTo(NOW + 19);
        assertThat(validator.isConsecutive()).isTrue();
    }

    @Test
    void shouldAcceptADirectBufferAtAnyPosition() {
        ByteBuffer batch = builder(3).build();
        ByteBuffer direct = ByteBuffer.allocateDirect(batch.remaining() + 9);
        direct.position(9);
        direct.put(batch).flip().position(9);
        assertThat(check(direct)).isNull();
        assertThat(direct.position()).isEqualTo(9);
    }

    @Test
    void shouldRefuseNothingAndPiecesAsInvalid() {
        assertThat(error(ByteBuffer.allocate(0))).isEqualTo(ErrorCode.INVALID_RECORD);
        ByteBuffer batch = builder(3).build();
        batch.limit(batch.limit() - 1);
        assertThat(error(batch)).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 13, 48, Integer.MIN_VALUE})
    void shouldRefuseALengthThatNoBatchHasAsCorrupt(int length) {
        ByteBuffer batch = builder(3).build();
        batch.putInt(RecordBatchFormat.LENGTH, length);
        assertThat(error(batch)).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
    }

    @Test
    void shouldRefuseAWrongChecksumAsCorrupt() {
        ByteBuffer batch = builder(3).build();
        batch.putInt(RecordBatchFormat.CRC, batch.getInt(RecordBatchFormat.CRC) + 1);
        assertThat(error(batch)).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
    }

    @Test
    void shouldRefuseOtherFormats() {
        ByteBuffer batch = builder(3).build();
        batch.put(RecordBatchFormat.MAGIC, (byte) 1);
        assertThat(error(batch)).isEqualTo(ErrorCode.INVALID_RECORD);
        batch.put(RecordBatchFormat.MAGIC, (byte) 3);
        assertThat(error(batch)).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
    }

    @Test
    void shouldRefuseTwoBatches() {
        ByteBuffer one = builder(1).build();
        ByteBuffer two = ByteBuffer.allocate(2 * one.remaining())
                .put(one.duplicate())
                .put(one.duplicate())
                .flip();
        assertThat(error(two)).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void shouldRefuseABaseOffsetThatIsNotZero() {
        assertThat(error(new RecordBatchBuilder()
                        .baseOffset(5)
                        .append(null, bytes("v"), NOW)
                        .build()))
                .isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void shouldRefuseWhatIsTooLarge() {
        assertThat(error(builder(3).build(), "max.message.bytes", "80")).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2, 4, 1000, Integer.MAX_VALUE})
    void shouldRefuseCountsThatLie(int count) {
        assertThat(error(forged(builder(3).build(), batch -> batch.putInt(RecordBatchFormat.RECORD_COUNT, count))))
                .isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(error(forged(builder(3).build(), batch -> {
                    batch.putInt(RecordBatchFormat.RECORD_COUNT, count);
                    batch.putInt(RecordBatchFormat.LAST_OFFSET_DELTA, count - 1);
                })))
                .isEqualTo(ErrorCode.INVALID_RECORD);
    }

    private static ByteBuffer withAGap(CompressionType codec) {
        ByteBuffer batch = new RecordBatchBuilder()
                .compression(codec)
                .append(bytes("k"), bytes("a"), NOW)
                .appendAt(2, null, bytes("b"), List.of(), NOW)
                .build();
        return forged(batch, bytes -> bytes.putInt(RecordBatchFormat.LAST_OFFSET_DELTA, 1));
    }

    @Test
    void shouldTellOfOffsetsThatAreNotConsecutive() {
        assertThat(error(withAGap(CompressionType.NONE))).isEqualTo(ErrorCode.NONE);
        assertThat(validator.isConsecutive()).isFalse();
        assertThat(error(withAGap(CompressionType.NONE), "compression.type", "lz4"))
                .isEqualTo(ErrorCode.NONE);
        assertThat(validator.isConsecutive()).isFalse();
    }

    @Test
    void shouldRefuseOffsetsThatAreNotConsecutiveInWhatIsCompressed() {
        for (Rejected rejected : new Rejected[] {
            check(withAGap(CompressionType.GZIP)),
            check(withAGap(CompressionType.GZIP), "compression.type", "uncompressed"),
            check(withAGap(CompressionType.GZIP), "cleanup.policy", "compact")
        }) {
            assertThat(rejected).isNotNull();
            assertThat(rejected.error()).isEqualTo(ErrorCode.INVALID_RECORD);
            assertThat(rejected.recordErrors())
                    .extracting(AppendResult.RecordError::batchIndex)
                    .containsExactly(1);
        }
    }

    private ErrorCode errorWhenFollowedBy(ByteBuffer rest) {
        ByteBuffer batch = builder(1).build();
        return error(ByteBuffer.allocate(batch.remaining() + rest.remaining())
                .put(batch)
                .put(rest)
                .flip());
    }

    @Test
    void shouldIgnoreTheBeginningOfAnotherBatch() {
        for (int length : new int[] {1, 11, 12, 16, 17, 60}) {
            assertThat(errorWhenFollowedBy(builder(1).build().limit(length))).isEqualTo(ErrorCode.NONE);
        }
    }

    @Test
    void shouldRefuseWhatIsNoBeginningOfABatchAsCorrupt() {
        assertThat(errorWhenFollowedBy(ByteBuffer.allocate(11))).isEqualTo(ErrorCode.NONE);
        assertThat(errorWhenFollowedBy(ByteBuffer.allocate(12))).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        assertThat(errorWhenFollowedBy(ByteBuffer.allocate(100))).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        ByteBuffer unknownMagic = builder(1).build().put(RecordBatchFormat.MAGIC, (byte) 3);
        assertThat(errorWhenFollowedBy(unknownMagic.duplicate().limit(16))).isEqualTo(ErrorCode.NONE);
        assertThat(errorWhenFollowedBy(unknownMagic.duplicate().limit(17))).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
    }

    @Test
    void shouldRefuseControlBatchesOfClients() {
        assertThat(error(builder(1).control(true).build())).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void shouldRefuseANegativeSequenceOfAProducer() {
        assertThat(error(builder(1).producer(7, (short) 0, -1).build())).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 7})
    void shouldRefuseUnknownCodecs(int codec) {
        assertThat(error(forged(
                        builder(1).build(), batch -> batch.putShort(RecordBatchFormat.ATTRIBUTES, (short) codec))))
                .isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
    }

    @Test
    void shouldRefuseRecordsThatDoNotDecode() {
        ByteBuffer batch = builder(3).compression(CompressionType.GZIP).build();
        assertThat(error(forged(batch, bytes -> bytes.putInt(RecordBatchFormat.HEADER_BYTES, 0))))
                .isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(check(batch, "record.validation", "header")).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE"})
    void shouldRefuseWhatDecodesToMoreThanAllowed(CompressionType codec) {
        ByteBuffer bomb = new RecordBatchBuilder()
                .compression(codec)
                .append(null, ByteBuffer.allocate(1_000_000), NOW)
                .build();
        assertThat(error(bomb, "max.decompressed.message.bytes", "100000")).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @Test
    void shouldNameTheRecordsThatHaveNoKeyOnACompactedTopic() {
        ByteBuffer batch = new RecordBatchBuilder()
                .append(bytes("k"), bytes("a"), NOW)
                .append(null, bytes("b"), NOW)
                .append(null, bytes("c"), NOW)
                .build();
        Rejected rejected = check(batch, "cleanup.policy", "compact");
        assertThat(rejected).isNotNull();
        assertThat(rejected.error()).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(rejected.recordErrors())
                .extracting(AppendResult.RecordError::batchIndex)
                .containsExactly(1, 2);
        assertThat(check(batch)).isNull();
    }

    @Test
    void shouldNameTheRecordsWhoseTimeIsOutOfRange() {
        ByteBuffer batch = new RecordBatchBuilder()
                .append(null, bytes("a"), NOW)
                .append(null, bytes("b"), NOW + 3_600_001)
                .append(null, bytes("c"), NOW - 2_000)
                .append(null, bytes("d"), RecordBatchFormat.NO_TIMESTAMP)
                .build();
        Rejected rejected = check(batch, "message.timestamp.before.max.ms", "1000");
        assertThat(rejected).isNotNull();
        assertThat(rejected.error()).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(rejected.recordErrors())
                .extracting(AppendResult.RecordError::batchIndex)
                .containsExactly(1, 2);
        assertThat(check(batch, "message.timestamp.after.max.ms", "" + Long.MAX_VALUE))
                .isNull();
    }

    @Test
    void shouldRefuseATimeSoFarInThePastThatItsAgeCannotBeCounted() {
        ByteBuffer batch = new RecordBatchBuilder()
                .append(null, bytes("a"), Long.MIN_VALUE)
                .build();
        assertThat(error(batch)).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(check(new RecordBatchBuilder().append(null, bytes("a"), 0L).build()))
                .isNull();
    }

    @Test
    void shouldRefuseAProducersLogAppendTime() {
        ByteBuffer batch =
                builder(1).timestampType(TimestampType.LOG_APPEND_TIME).build();
        assertThat(error(batch, "message.timestamp.type", "LogAppendTime")).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(check(batch)).isNull();
    }

    @Test
    void shouldNeverFailOtherwiseOnDamagedBatches() {
        java.util.Random random = new java.util.Random(7);
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer batch = builder(1 + random.nextInt(4))
                    .compression(CompressionType.of(random.nextInt(5)))
                    .build();
            int changes = 1 + random.nextInt(4);
            for (int j = 0; j < changes; j++) {
                batch.put(random.nextInt(batch.limit()), (byte) random.nextInt());
            }
            if (random.nextBoolean()
                    && batch.getInt(RecordBatchFormat.LENGTH) == batch.limit() - 12
                    && batch.get(RecordBatchFormat.MAGIC) == 2) {
                new RecordBatchView().wrap(batch, 0).rewriteCrc();
            }
            check(batch, "max.decompressed.message.bytes", "100000");
        }
    }
}
