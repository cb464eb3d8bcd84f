package io.sluice.protocol;

import java.nio.ByteBuffer;

/** Messages as plain bytes, for keys and values of internal records: alone, or after two bytes of version. */
public final class MessageBytes {
    private MessageBytes() {}

    /** The message in a heap buffer of its own, ready to be read. */
    public static ByteBuffer encode(Message message, short version) {
        MessageWriter out = new MessageWriter();
        message.write(out, version);
        return take(out);
    }

    /** The version and then the message: how coordinators write keys and values. */
    public static ByteBuffer encodeWithVersion(Message message, short version) {
        MessageWriter out = new MessageWriter();
        out.writeInt16(version);
        message.write(out, version);
        return take(out);
    }

    /** Reads a message between the buffer's position and limit, and gives it back. */
    public static <T extends Message> T decode(ByteBuffer bytes, T message, short version) {
        message.read(new MessageReader(bytes), version);
        return message;
    }

    /** Reads a message that follows its version. */
    public static <T extends Message> T decodeWithVersion(ByteBuffer bytes, T message) {
        MessageReader in = new MessageReader(bytes);
        message.read(in, in.readInt16("version"));
        return message;
    }

    private static ByteBuffer take(MessageWriter out) {
        OutboundFrame frame = out.finish();
        if (frame.parts().size() == 1 && frame.parts().get(0) instanceof OutboundPart.Bytes bytes) {
            return bytes.buffer();
        }
        ByteBuffer whole = ByteBuffer.allocate(Math.toIntExact(frame.sizeInBytes()));
        for (OutboundPart part : frame.parts()) {
            if (part instanceof OutboundPart.Bytes bytes) {
                whole.put(bytes.buffer());
            } else if (part instanceof OutboundPart.Payload payload
                    && payload.records() instanceof ByteBufferRecords inMemory) {
                whole.put(inMemory.buffer().duplicate());
            } else {
                throw new IllegalArgumentException("records that are not in memory");
            }
        }
        frame.release();
        return whole.flip();
    }
}
