package io.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.protocol.types.Schema;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arbitrary and mutated bytes: every decoder ends, says what is wrong, and allocates no more than a multiple of what it was given. */
class MalformedInputTest {
    private static final int TRIES = 60;

    /** A one-byte structure becomes an object with its lists: measured, the worst needs 46 bytes for each of its own. */
    private static final long BYTES_EACH = 64L;

    private static final long BYTES_FIXED = 8 * 1024L;

    private static final List<MessageCatalog.Entry> CATALOG = MessageCatalog.all();

    static Stream<MessageCatalog.Entry> messages() {
        return CATALOG.stream();
    }

    @ParameterizedTest
    @MethodSource("messages")
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldRefuseMutatedBytes(MessageCatalog.Entry entry) throws ReflectiveOperationException {
        Schema[] schemas = (Schema[]) entry.theirs().getField("SCHEMAS").get(null);
        Message limits = entry.newOurs();
        Random random = new Random(7L);
        for (short v = limits.lowestSupportedVersion(); v <= limits.highestSupportedVersion(); v++) {
            List<ByteBuffer> seeds = new ArrayList<>();
            for (WireFiller.Style style : WireFiller.Style.values()) {
                seeds.add(new WireFiller(v, style).fill(schemas[v]));
            }
            for (int i = 0; i < TRIES; i++) {
                decode(entry, v, mutate(seeds.get(i % seeds.size()), random));
            }
        }
    }

    @Property(tries = 20_000)
    void shouldRefuseArbitraryBytes(
            @ForAll @IntRange(max = 10_000) int message,
            @ForAll @IntRange(max = 100) int version,
            @ForAll @Size(max = 200) byte[] bytes) {
        MessageCatalog.Entry entry = CATALOG.get(message % CATALOG.size());
        Message limits = entry.newOurs();
        int versions = limits.highestSupportedVersion() - limits.lowestSupportedVersion() + 1;
        decode(entry, (short) (limits.lowestSupportedVersion() + version % versions), ByteBuffer.wrap(bytes));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldNotBelieveLargeClaims(MessageCatalog.Entry entry) {
        Message limits = entry.newOurs();
        for (int filler : new int[] {0x00, 0x01, 0x02, 0x7f, 0x80, 0xff}) {
            byte[] bytes = new byte[4096];
            java.util.Arrays.fill(bytes, (byte) filler);
            for (short v = limits.lowestSupportedVersion(); v <= limits.highestSupportedVersion(); v++) {
                decode(entry, v, ByteBuffer.wrap(bytes));
            }
        }
    }

    private static void decode(MessageCatalog.Entry entry, short version, ByteBuffer bytes) {
        Message message = entry.newOurs();
        // The second time: what the JVM allocates once, to link the code that runs first, does not count.
        boolean decoded = decode(message, version, bytes);
        long allocated = Allocation.of(() -> decode(message, version, bytes));
        assertThat(allocated)
                .as("%s v%s of %s bytes", entry, version, bytes.remaining())
                .isLessThan(BYTES_FIXED + BYTES_EACH * bytes.remaining());
        if (decoded) {
            writtenAgain(entry, version, message);
        }
    }

    private static boolean decode(Message message, short version, ByteBuffer bytes) {
        try {
            message.read(new MessageReader(bytes), version);
            return true;
        } catch (MalformedMessageException e) {
            return false;
        }
    }

    private static void writtenAgain(MessageCatalog.Entry entry, short version, Message message) {
        ByteBuffer written;
        try {
            written = MessageBytes.encode(message, version);
        } catch (UnsupportedVersionException e) {
            throw new AssertionError(entry + " v" + version + " cannot write what it has read", e);
        }
        assertThat(MessageBytes.decode(written, entry.newOurs(), version)).isEqualTo(message);
    }

    private static ByteBuffer mutate(ByteBuffer valid, Random random) {
        byte[] bytes = new byte[valid.remaining() + random.nextInt(8)];
        valid.duplicate().get(bytes, 0, valid.remaining());
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes[at] = (byte) 0xff;
                case 3 -> java.util.Arrays.fill(bytes, at, Math.min(bytes.length, at + 5), (byte) 0x7f);
                default -> bytes = java.util.Arrays.copyOf(bytes, at);
            }
        }
        return ByteBuffer.wrap(bytes);
    }
}
