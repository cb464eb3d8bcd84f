package io.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.protocol.message.FetchResponse;
import io.sluice.protocol.message.ProduceResponse;
import io.sluice.protocol.message.ResponseHeader;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageWriterTest {
    private static final short VERSION = 12;

    /** Records that are not in memory, as a slice of a file is not. */
    private static final class FileRecords implements Records {
        final int size;
        int released;

        FileRecords(int size) {
            this.size = size;
        }

        @Override
        public int sizeInBytes() {
            return size;
        }

        @Override
        public void release() {
            released++;
        }
    }

    private static FetchResponse response(Records... records) {
        FetchResponse.FetchableTopicResponse topic = new FetchResponse.FetchableTopicResponse().setTopic("t");
        for (Records one : records) {
            topic.partitions().add(new FetchResponse.PartitionData().setRecords(one));
        }
        return new FetchResponse().setResponses(List.of(topic));
    }

    private static OutboundFrame frame(MessageWriter out, FetchResponse response) {
        out.beginFrame();
        new ResponseHeader().setCorrelationId(77).write(out, (short) 1);
        response.write(out, VERSION);
        return out.finishFrame();
    }

    @Test
    void shouldKeepPayloadsBetweenTheOtherBytes() {
        FileRecords one = new FileRecords(1000);
        FileRecords two = new FileRecords(50_000);
        OutboundFrame frame = frame(new MessageWriter(ByteBuffer.allocate(16)), response(one, two));

        assertThat(frame.parts()).hasSize(5);
        assertThat(frame.parts().get(1)).isEqualTo(new OutboundPart.Payload(one));
        assertThat(frame.parts().get(3)).isEqualTo(new OutboundPart.Payload(two));
        long total = frame.parts().stream().mapToLong(OutboundPart::sizeInBytes).sum();
        assertThat(frame.sizeInBytes()).isEqualTo(total);
        ByteBuffer head = ((OutboundPart.Bytes) frame.parts().get(0)).buffer();
        assertThat(head.getInt(head.position())).isEqualTo((int) total - 4);

        frame.release();
        assertThat(one.released).isEqualTo(1);
        assertThat(two.released).isEqualTo(1);
    }

    @Test
    void shouldCopySmallPayloadsInPlace() {
        ByteBuffer small = ByteBuffer.wrap(new byte[MessageWriter.INLINE_RECORDS_MAX]);
        ByteBuffer large = ByteBuffer.wrap(new byte[MessageWriter.INLINE_RECORDS_MAX + 1]);
        assertThat(frame(new MessageWriter(), response(new ByteBufferRecords(small)))
                        .parts())
                .hasSize(1);
        assertThat(frame(new MessageWriter(), response(new ByteBufferRecords(large)))
                        .parts())
                .hasSize(3);
    }

    @Test
    void shouldGiveTheSameBytesWhicheverWayThePayloadGoes() {
        byte[] payload = new byte[20_000];
        new java.util.Random(3).nextBytes(payload);
        FetchResponse response = response(new ByteBufferRecords(ByteBuffer.wrap(payload)), Records.EMPTY);
        ByteBuffer bytes = MessageBytes.encode(response, VERSION);
        assertThat(MessageBytes.decode(bytes, new FetchResponse(), VERSION)).isEqualTo(response);
    }

    @Test
    void shouldReleasePayloadsOfAWriterThatFailed() {
        FileRecords records = new FileRecords(10);
        MessageWriter out = new MessageWriter();
        response(records).write(out, VERSION);
        out.abandon();
        out.abandon();
        assertThat(records.released).isEqualTo(1);
    }

    @Test
    void shouldWriteIntoTheCallersBufferFromItsPosition() {
        ByteBuffer mine = ByteBuffer.allocateDirect(256);
        mine.putLong(-1L);
        MessageWriter out = new MessageWriter(mine);
        OutboundFrame frame = frame(out, response());
        assertThat(out.buffer()).isSameAs(mine);
        ByteBuffer bytes = ((OutboundPart.Bytes) frame.parts().get(0)).buffer();
        assertThat(bytes.position()).isEqualTo(8);
        assertThat(bytes.remaining()).isEqualTo((int) frame.sizeInBytes());
        assertThat(mine.getLong(0)).isEqualTo(-1L);
    }

    @Test
    void shouldWriteTheSizeOfATaggedFieldThatNeedsSeveralBytes() {
        ProduceResponse response = new ProduceResponse();
        for (int i = 0; i < 400; i++) {
            response.nodeEndpoints()
                    .add(new ProduceResponse.NodeEndpoint()
                            .setNodeId(i)
                            .setHost("h".repeat(60))
                            .setPort(9092));
        }
        ByteBuffer bytes = MessageBytes.encode(response, (short) 10);
        assertThat(bytes.remaining()).isGreaterThan(1 << 14);
        assertThat(MessageBytes.decode(bytes, new ProduceResponse(), (short) 10))
                .isEqualTo(response);
    }

    @Test
    void shouldRefuseAFieldThatTheVersionCannotCarry() {
        FetchResponse response = new FetchResponse();
        response.responses()
                .add(new FetchResponse.FetchableTopicResponse()
                        .setPartitions(List.of(new FetchResponse.PartitionData()
                                .setDivergingEpoch(new FetchResponse.EpochEndOffset().setEpoch(3)))));
        assertThatThrownBy(() -> MessageBytes.encode(response, (short) 11))
                .isInstanceOf(UnsupportedVersionException.class)
                .hasMessageContaining("divergingEpoch")
                .hasMessageContaining("11");
    }

    @Test
    void shouldRefuseValuesThatTheirTypeCannotHold() {
        assertThatThrownBy(() -> new MessageWriter().writeString(false, "x".repeat(40_000), "topic"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("topic");
        assertThatThrownBy(() -> new io.sluice.protocol.metadata.RegisterBrokerRecord.BrokerEndpoint().setPort(70_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("port");
    }

    @Test
    void shouldNotShowSecretsInText() {
        io.sluice.protocol.message.SaslAuthenticateRequest request =
                new io.sluice.protocol.message.SaslAuthenticateRequest().setAuthBytes("secret".getBytes());
        assertThat(request.toString()).isEqualTo("SaslAuthenticateRequest(authBytes=byte[6])");
    }

    @Test
    void shouldPrefixAVersion() {
        ResponseHeader header = new ResponseHeader().setCorrelationId(5);
        ByteBuffer bytes = MessageBytes.encodeWithVersion(header, (short) 1);
        assertThat(bytes.getShort(0)).isEqualTo((short) 1);
        assertThat(MessageBytes.decodeWithVersion(bytes, new ResponseHeader())).isEqualTo(header);
    }

    @Test
    void shouldAllocateLittleForAFetchResponse() {
        ByteBuffer scratch = ByteBuffer.allocate(8192);
        FetchResponse response = response(new FileRecords(100_000));
        frame(new MessageWriter(scratch.clear()), response);
        long allocated = Allocation.of(() -> frame(new MessageWriter(scratch.clear()), response));
        assertThat(allocated).isLessThan(1_500L);
    }
}
