package io.sluice.protocol.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.protocol.Allocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

class CompressionTypeTest {
    private static final int[] SIZES = {0, 1, 100, 32 * 1024 - 1, 32 * 1024, 65_535, 65_536, 65_537, 1_000_000};
    private static final int MIB = 1024 * 1024;

    private static byte[] content(int size, boolean random) {
        byte[] bytes = new byte[size];
        Random source = new Random(size);
        if (random) {
            source.nextBytes(bytes);
        } else {
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) ("the quick brown fox".charAt(i % 19) + source.nextInt(2));
            }
        }
        return bytes;
    }

    private static ByteBuffer byKafka(CompressionType type, byte[] content) throws IOException {
        ByteBufferOutputStream bytes = new ByteBufferOutputStream(512);
        try (OutputStream out =
                Compression.of(type.configName()).build().wrapForOutput(bytes, RecordBatch.MAGIC_VALUE_V2)) {
            out.write(content);
        }
        return bytes.buffer().flip();
    }

    private static byte[] readByKafka(CompressionType type, ByteBuffer compressed) throws IOException {
        try (InputStream in = Compression.of(type.configName())
                .build()
                .wrapForInput(compressed, RecordBatch.MAGIC_VALUE_V2, BufferSupplier.create())) {
            return in.readAllBytes();
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static ByteBuffer direct(ByteBuffer buffer) {
        return ByteBuffer.allocateDirect(buffer.remaining())
                .put(buffer.duplicate())
                .flip();
    }

    @Test
    void shouldHaveKafkasIdsAndNames() {
        for (org.apache.kafka.common.record.internal.CompressionType theirs :
                org.apache.kafka.common.record.internal.CompressionType.values()) {
            assertThat(CompressionType.of(theirs.id)).isNotNull();
            assertThat(CompressionType.of(theirs.id).configName()).isEqualTo(theirs.name);
            assertThat(CompressionType.ofConfigName(theirs.name).id()).isEqualTo(theirs.id);
        }
        assertThat(CompressionType.of(5)).isNull();
        assertThat(CompressionType.of(-1)).isNull();
        assertThat(CompressionType.ofConfigName("producer")).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadWhatKafkaCompressed(CompressionType type) throws IOException {
        for (int size : SIZES) {
            for (boolean random : new boolean[] {true, false}) {
                byte[] content = content(size, random);
                ByteBuffer compressed = byKafka(type, content);
                int position = compressed.position();
                assertThat(bytes(type.decompress(compressed, size))).isEqualTo(content);
                assertThat(compressed.position()).isEqualTo(position);
                assertThat(bytes(type.decompress(direct(compressed), size))).isEqualTo(content);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldCompressWhatKafkaReads(CompressionType type) throws IOException {
        for (int size : SIZES) {
            for (boolean random : new boolean[] {true, false}) {
                byte[] content = content(size, random);
                assertThat(readByKafka(type, type.compress(ByteBuffer.wrap(content))))
                        .isEqualTo(content);
                assertThat(readByKafka(type, type.compress(direct(ByteBuffer.wrap(content)))))
                        .isEqualTo(content);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldWorkInTheMiddleOfABuffer(CompressionType type) {
        byte[] content = content(70_000, false);
        ByteBuffer wide = ByteBuffer.allocate(content.length + 20).position(7);
        wide.put(content).flip().position(7);
        ByteBuffer compressed = type.compress(wide.slice());
        ByteBuffer around = ByteBuffer.allocate(compressed.remaining() + 30).position(11);
        around.put(compressed).flip().position(11);
        assertThat(bytes(type.decompress(around, content.length))).isEqualTo(content);
        assertThat(bytes(type.decompress(around.slice(), content.length))).isEqualTo(content);
    }

    @ParameterizedTest
    @EnumSource
    void shouldStopAtTheLimit(CompressionType type) throws IOException {
        byte[] content = content(200_000, false);
        ByteBuffer compressed = byKafka(type, content);
        assertThat(bytes(type.decompress(compressed, content.length))).isEqualTo(content);
        CompressionException refused =
                catchThrowableOfType(CompressionException.class, () -> type.decompress(compressed, content.length - 1));
        assertThat(refused.isTooLarge()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldNotBeBlownUp(CompressionType type) {
        ByteBuffer bomb = type.compress(ByteBuffer.allocate(64 * MIB));
        Runnable explode =
                () -> assertThat(catchThrowableOfType(CompressionException.class, () -> type.decompress(bomb, MIB))
                                .isTooLarge())
                        .isTrue();
        explode.run();
        assertThat(Allocation.of(explode)).isLessThan(8L * MIB + 4L * bomb.remaining());
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldRefuseDamagedInput(CompressionType type) throws IOException {
        Random random = new Random(11);
        ByteBuffer valid = byKafka(type, content(3_000, false));
        int refused = 0;
        for (int i = 0; i < 4_000; i++) {
            byte[] damaged = bytes(valid);
            for (int change = 0; change <= random.nextInt(3); change++) {
                damaged[random.nextInt(i % 2 == 0 ? damaged.length : Math.min(40, damaged.length))] =
                        (byte) random.nextInt();
            }
            if (i % 5 == 0) {
                damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
            }
            ByteBuffer input = ByteBuffer.wrap(damaged);
            refused += refuses(type, input) ? 1 : 0;
            long allocated = Allocation.of(() -> refuses(type, input));
            assertThat(allocated).isLessThan(2L * MIB);
        }
        assertThat(refused).isGreaterThan(500);
    }

    private static boolean refuses(CompressionType type, ByteBuffer input) {
        try {
            assertThat(type.decompress(input, 64 * 1024).remaining()).isLessThanOrEqualTo(64 * 1024);
            return false;
        } catch (CompressionException e) {
            assertThat(e).hasMessageNotContaining("null");
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldRefuseRandomBytes(CompressionType type) {
        Random random = new Random(12);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            refuses(type, ByteBuffer.wrap(bytes));
        }
        assertThat(refuses(type, ByteBuffer.wrap(new byte[] {1, 2, 3}))).isTrue();
    }

    @Test
    void shouldReadARawSnappyBlock() throws IOException {
        byte[] content = content(5_000, false);
        ByteBuffer raw = ByteBuffer.wrap(Snappy.compress(content));
        assertThat(bytes(CompressionType.SNAPPY.decompress(raw, 5_000))).isEqualTo(content);
    }

    @Test
    void shouldReadSnappyStreamsThatFollowEachOther() throws IOException {
        byte[] one = content(50_000, false);
        byte[] two = content(300, true);
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(bytes(byKafka(CompressionType.SNAPPY, one)));
        both.write(bytes(byKafka(CompressionType.SNAPPY, two)));
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.write(one);
        expected.write(two);
        assertThat(bytes(CompressionType.SNAPPY.decompress(ByteBuffer.wrap(both.toByteArray()), 60_000)))
                .isEqualTo(expected.toByteArray());
    }

    @Test
    void shouldNotBelieveTheLengthInASnappyBlock() {
        // A varint of 2^31 - 1 as the length, and next to nothing behind it.
        ByteBuffer liar =
                ByteBuffer.wrap(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07, 0, 0, 0});
        assertThat(refuses(CompressionType.SNAPPY, liar)).isTrue();
        Runnable decompress = () -> assertThatThrownBy(() -> CompressionType.SNAPPY.decompress(liar, Integer.MAX_VALUE))
                .isInstanceOf(CompressionException.class);
        decompress.run();
        assertThat(Allocation.of(decompress)).isLessThan(MIB);
    }

    @Test
    void shouldReadLz4FramesWithEveryChecksumAndASize() throws IOException {
        byte[] content = content(300_000, false);
        for (LZ4FrameOutputStream.BLOCKSIZE blockSize : LZ4FrameOutputStream.BLOCKSIZE.values()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (LZ4FrameOutputStream out = new LZ4FrameOutputStream(
                    bytes,
                    blockSize,
                    content.length,
                    LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE,
                    LZ4FrameOutputStream.FLG.Bits.BLOCK_CHECKSUM,
                    LZ4FrameOutputStream.FLG.Bits.CONTENT_CHECKSUM,
                    LZ4FrameOutputStream.FLG.Bits.CONTENT_SIZE)) {
                out.write(content);
            }
            ByteBuffer frame = ByteBuffer.wrap(bytes.toByteArray());
            assertThat(bytes(CompressionType.LZ4.decompress(frame, content.length)))
                    .isEqualTo(content);
            frame.put(frame.limit() - 1, (byte) (frame.get(frame.limit() - 1) + 1));
            assertThatThrownBy(() -> CompressionType.LZ4.decompress(frame, content.length))
                    .isInstanceOf(CompressionException.class)
                    .hasMessageContaining("checksum");
        }
    }

    @Test
    void shouldReadGzipMembersWithEveryPartOfAHeader() throws IOException {
        byte[] content = content(5_000, false);
        byte[] plain = bytes(byKafka(CompressionType.GZIP, content));
        ByteBuffer members = ByteBuffer.allocate(2 * plain.length + 100);
        members.put(plain, 0, 3).put((byte) 0x1e).put(plain, 4, 6);
        members.put((byte) 4).put((byte) 0).put(new byte[4]);
        members.put("name\0comment\0".getBytes()).put(new byte[2]);
        members.put(plain, 10, plain.length - 10).put(plain).put(new byte[5]).flip();

        byte[] read = bytes(CompressionType.GZIP.decompress(members, 10_000));
        assertThat(read).hasSize(10_000).startsWith(content).endsWith(content);
        for (int length = 0; length < plain.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(plain, 0, length);
            assertThat(refuses(CompressionType.GZIP, cut))
                    .as("%s of %s bytes", length, plain.length)
                    .isTrue();
        }
    }

    @Test
    void shouldRefuseAGzipBombInAFewBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(new byte[10 * MIB]);
        }
        ByteBuffer bomb = ByteBuffer.wrap(bytes.toByteArray());
        assertThat(bomb.remaining()).isLessThan(16_000);
        assertThatThrownBy(() -> CompressionType.GZIP.decompress(bomb, MIB))
                .isInstanceOf(CompressionException.class)
                .hasMessageContaining(String.valueOf(MIB));
    }
}
