package io.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.protocol.message.MetadataRequest;
import io.sluice.protocol.message.ProduceRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.junit.jupiter.api.Test;

class MessageReaderTest {
    @Test
    void shouldNameTheFieldThatIsCutOff() {
        MessageReader in = new MessageReader(ByteBuffer.allocate(3));
        assertThatThrownBy(() -> in.readInt32("timeoutMs"))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("timeoutMs")
                .hasMessageContaining("3 remain");
    }

    @Test
    void shouldNameTheArrayWhoseCountLies() {
        ByteBuffer bytes =
                ByteBuffer.allocate(8).putInt(Integer.MAX_VALUE).putInt(0).flip();
        assertThatThrownBy(() -> new MetadataRequest().read(new MessageReader(bytes), (short) 4))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("topics")
                .hasMessageContaining("2147483647");
    }

    @Test
    void shouldRefuseNullWhereTheSchemaDoes() {
        MessageReader in =
                new MessageReader(ByteBuffer.allocate(2).putShort((short) -1).flip());
        assertThatThrownBy(() -> in.readString(false, "groupId"))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("groupId is null");
    }

    @Test
    void shouldRefuseAVersionThatTheSchemaDoesNotHave() {
        MessageReader in = new MessageReader(ByteBuffer.allocate(100));
        assertThatThrownBy(() -> new ProduceRequest().read(in, (short) 2))
                .isInstanceOf(UnsupportedVersionException.class)
                .hasMessageContaining("ProduceRequest")
                .hasMessageContaining("2");
        assertThatThrownBy(() -> new ProduceRequest().write(new MessageWriter(), (short) 14))
                .isInstanceOf(UnsupportedVersionException.class);
    }

    @Test
    void shouldRefuseBytesLeftInATaggedField() {
        ByteBuffer bytes = ByteBuffer.allocate(10)
                .put((byte) 1)
                .put((byte) 0)
                .put((byte) 3)
                .put((byte) 7)
                .flip();
        MessageReader in = new MessageReader(bytes.limit(10).position(0));
        assertThat(in.readTagCount()).isEqualTo(1);
        in.readUnsignedVarint("tag");
        int end = in.readTagEnd();
        in.readInt8("value");
        assertThatThrownBy(() -> in.finishTag(end)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void shouldLeaveTheBufferUntouchedAndReadDirectMemoryToo() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(32);
        bytes.putInt(42).putShort((short) 3).put(new byte[] {'a', 'b', 'c'}).flip();
        MessageReader in = new MessageReader(bytes);
        assertThat(in.readInt32("number")).isEqualTo(42);
        assertThat(in.readString(false, "text")).isEqualTo("abc");
        assertThat(in.remaining()).isZero();
        assertThat(bytes.position()).isZero();
    }

    @Test
    void shouldRefuseALittleEndianBuffer() {
        ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        assertThatThrownBy(() -> new MessageReader(bytes)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MessageWriter(bytes)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNotCopyTheRecordsOfAProduceRequest() {
        byte[] payload = new byte[100_000];
        ProduceRequest request = new ProduceRequest()
                .setTopicData(List.of(new ProduceRequest.TopicProduceData()
                        .setName("t")
                        .setPartitionData(List.of(new ProduceRequest.PartitionProduceData()
                                .setIndex(3)
                                .setRecords(new ByteBufferRecords(ByteBuffer.wrap(payload)))))));
        ByteBuffer frame = MessageBytes.encode(request, (short) 9);
        ProduceRequest decoded = new ProduceRequest();
        decoded.read(new MessageReader(frame), (short) 9);
        long allocated = Allocation.of(() -> decoded.read(new MessageReader(frame), (short) 9));
        assertThat(allocated).isLessThan(2_000L);
        ByteBufferRecords records = (ByteBufferRecords)
                decoded.topicData().get(0).partitionData().get(0).records();
        assertThat(records.sizeInBytes()).isEqualTo(payload.length);
        frame.put(frame.limit() - 10, (byte) 99);
        assertThat(records.buffer().array()).isSameAs(frame.array());
    }

    @Property
    void shouldReadVarintsAsKafkaWritesThem(@ForAll int number, @ForAll long large) {
        ByteBuffer bytes = ByteBuffer.allocate(32);
        ByteUtils.writeVarint(number, bytes);
        ByteUtils.writeUnsignedVarint(number, bytes);
        ByteUtils.writeVarlong(large, bytes);
        bytes.flip();

        ByteBuffer ours = ByteBuffer.allocate(32);
        Varints.putSigned(ours, number);
        assertThat(ours.position()).isEqualTo(Varints.sizeOfSigned(number));
        Varints.putUnsigned(ours, number);
        assertThat(ours.position()).isEqualTo(Varints.sizeOfSigned(number) + Varints.sizeOfUnsigned(number));
        int before = ours.position();
        Varints.putSigned(ours, large);
        assertThat(ours.position() - before).isEqualTo(Varints.sizeOfSigned(large));
        assertThat(ours.flip()).isEqualTo(bytes);

        MessageReader in = new MessageReader(bytes);
        assertThat(in.readVarint("n")).isEqualTo(number);
        assertThat(in.readUnsignedVarint("n")).isEqualTo(number);
        assertThat(in.readVarlong("n")).isEqualTo(large);
        assertThat(in.remaining()).isZero();
    }

    @Test
    void shouldRefuseVarintsThatDoNotEnd() {
        byte[] endless = new byte[20];
        java.util.Arrays.fill(endless, (byte) 0x80);
        assertThatThrownBy(() -> new MessageReader(ByteBuffer.wrap(endless)).readUnsignedVarint("n"))
                .isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> new MessageReader(ByteBuffer.wrap(endless)).readVarlong("n"))
                .isInstanceOf(MalformedMessageException.class);
    }
}
