package io.sluice.coordinator.group.classic;

import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.Message;
import io.sluice.protocol.MessageReader;
import io.sluice.protocol.MessageWriter;
import io.sluice.protocol.OutboundPart;
import io.sluice.protocol.message.ConsumerProtocolAssignment;
import io.sluice.protocol.message.ConsumerProtocolSubscription;
import java.nio.ByteBuffer;

/**
 * What consumers write into the metadata and the assignments of the classic protocol, which are otherwise opaque to a broker: a version in two bytes
 * and a message. A version that is newer than ours is read as ours, as the consumers do among themselves.
 */
public final class EmbeddedProtocol {
    private EmbeddedProtocol() {}

    /** @throws MalformedMessageException when the bytes are no subscription */
    public static ConsumerProtocolSubscription subscription(byte[] bytes) {
        return read(bytes, new ConsumerProtocolSubscription());
    }

    /** An empty array is an empty assignment. */
    public static ConsumerProtocolAssignment assignment(byte[] bytes) {
        return bytes.length == 0 ? new ConsumerProtocolAssignment() : read(bytes, new ConsumerProtocolAssignment());
    }

    private static <M extends Message> M read(byte[] bytes, M message) {
        MessageReader in = new MessageReader(ByteBuffer.wrap(bytes));
        short version = in.readInt16("version");
        if (version < message.lowestSupportedVersion()) {
            throw new MalformedMessageException("a consumer's message of version " + version);
        }
        message.read(in, (short) Math.min(version, message.highestSupportedVersion()));
        return message;
    }

    /** Writes an assignment for a member, in the version of the subscription that the member sent. */
    public static byte[] write(ConsumerProtocolAssignment assignment, byte[] subscription) {
        short wanted = new MessageReader(ByteBuffer.wrap(subscription)).readInt16("version");
        short version = (short)
                Math.max(assignment.lowestSupportedVersion(), Math.min(wanted, assignment.highestSupportedVersion()));
        MessageWriter out = new MessageWriter();
        out.writeInt16(version);
        assignment.write(out, version);
        if (out.finish().parts().get(0) instanceof OutboundPart.Bytes bytes) {
            byte[] written = new byte[bytes.buffer().remaining()];
            bytes.buffer().duplicate().get(written);
            return written;
        }
        throw new IllegalStateException("an assignment without bytes");
    }
}
