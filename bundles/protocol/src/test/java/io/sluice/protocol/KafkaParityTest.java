package io.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.sluice.protocol.group.ConsumerGroupMemberMetadataValue;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.types.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message at every version against Kafka's own classes, both ways, from bytes that neither of them wrote. */
class KafkaParityTest {
    private static final int RANDOM_FILLINGS = 4;

    /** Schemas in the six jars, less the eight that have no valid version. */
    private static final int MESSAGES = 203 - 8 + 44 + 27 + 5 + 2 + 4;

    static Stream<MessageCatalog.Entry> messages() {
        return MessageCatalog.all().stream();
    }

    @Test
    void shouldHaveAClassForEverySchema() {
        assertThat(MessageCatalog.all()).hasSize(MESSAGES);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldHaveKafkasKeyAndVersions(MessageCatalog.Entry entry) {
        Message ours = entry.newOurs();
        org.apache.kafka.common.protocol.Message theirs = entry.newTheirs();
        assertThat(ours.lowestSupportedVersion()).isEqualTo(theirs.lowestSupportedVersion());
        assertThat(ours.highestSupportedVersion()).isEqualTo(theirs.highestSupportedVersion());
        if (theirs instanceof org.apache.kafka.common.protocol.ApiMessage message) {
            assertThat(ours.apiKey()).isEqualTo(message.apiKey());
        }
        assertThat(Mirror.difference("default", ours, theirs)).isNull();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldReadAndWriteAsKafkaDoes(MessageCatalog.Entry entry) throws ReflectiveOperationException {
        Schema[] schemas = (Schema[]) entry.theirs().getField("SCHEMAS").get(null);
        Message limits = entry.newOurs();
        for (short v = limits.lowestSupportedVersion(); v <= limits.highestSupportedVersion(); v++) {
            int accepted = 0;
            for (WireFiller.Style style : WireFiller.Style.values()) {
                // Kafka's collections by key take quadratic time over many elements of one key.
                boolean skipped = style == WireFiller.Style.MANY_EMPTY;
                int fillings = skipped ? 0 : style == WireFiller.Style.EMPTY ? 1 : RANDOM_FILLINGS;
                for (int i = 0; i < fillings; i++) {
                    ByteBuffer bytes = new WireFiller(31L * v + i, style).fill(schemas[v]);
                    if (compare(entry, v, bytes, entry + " v" + v + " " + style + " " + i)) {
                        accepted++;
                    }
                }
            }
            assertThat(accepted).as("fillings of %s v%s", entry, v).isGreaterThan(RANDOM_FILLINGS);
        }
    }

    private static boolean compare(MessageCatalog.Entry entry, short version, ByteBuffer bytes, String what) {
        org.apache.kafka.common.protocol.Message theirs = entry.newTheirs();
        try {
            theirs.read(new ByteBufferAccessor(bytes.duplicate()), version);
        } catch (RuntimeException e) {
            try {
                entry.newOurs().read(new MessageReader(bytes), version);
            } catch (MalformedMessageException refused) {
                return false;
            }
            return fail("Kafka refuses %s, we do not: %s", what, e);
        }
        Message ours = MessageBytes.decode(bytes, entry.newOurs(), version);
        assertThat(Mirror.difference(what, ours, theirs)).isNull();

        ByteBuffer theirBytes = write(theirs, version);
        assertThat(MessageBytes.encode(ours, version)).as(what).isEqualTo(theirBytes);

        Message again = MessageBytes.decode(theirBytes, entry.newOurs(), version);
        assertThat(again).as(what).isEqualTo(ours).hasSameHashCodeAs(ours);
        assertThat(Mirror.copy(ours)).as(what).isEqualTo(ours).hasToString(ours.toString());
        for (short w = ours.lowestSupportedVersion(); w <= ours.highestSupportedVersion(); w++) {
            otherVersion(ours, theirs, w, what);
        }
        return true;
    }

    @Test
    void shouldWriteANullStructureInATaggedFieldAsKafkaDoes() {
        short version = 0;
        ByteBuffer theirs = write(
                new org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue()
                        .setClassicMemberMetadata(null),
                version);
        ConsumerGroupMemberMetadataValue ours = new ConsumerGroupMemberMetadataValue().setClassicMemberMetadata(null);
        assertThat(MessageBytes.encode(ours, version)).isEqualTo(theirs);
        assertThat(MessageBytes.decode(theirs, new ConsumerGroupMemberMetadataValue(), version))
                .isEqualTo(ours);
    }

    /** What one version read, another writes in the same way, or refuses likewise. */
    private static void otherVersion(
            Message ours, org.apache.kafka.common.protocol.Message theirs, short version, String what) {
        @Nullable ByteBuffer expected;
        try {
            expected = write(theirs, version);
        } catch (org.apache.kafka.common.errors.UnsupportedVersionException | NullPointerException e) {
            expected = null;
        }
        @Nullable ByteBuffer actual;
        try {
            actual = MessageBytes.encode(ours, version);
        } catch (UnsupportedVersionException e) {
            actual = null;
        }
        assertThat(actual).as("%s, written as v%s", what, version).isEqualTo(expected);
    }

    private static ByteBuffer write(org.apache.kafka.common.protocol.Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(bytes), cache, version);
        return bytes.flip();
    }
}
