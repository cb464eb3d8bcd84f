package io.sluice.transport.kit;

import io.sluice.protocol.MessageWriter;
import io.sluice.protocol.OutboundFrame;
import io.sluice.protocol.Records;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/** Frames as a peer writes and reads them, and as the kernel sends them. */
public final class Frames {
    private Frames() {}

    /** The same bytes for the same seed. */
    public static byte[] body(int size, long seed) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    /** With the size before it. */
    public static byte[] framed(byte[] body) {
        return ByteBuffer.allocate(Integer.BYTES + body.length)
                .putInt(body.length)
                .put(body)
                .array();
    }

    public static byte[] framed(List<byte[]> bodies) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        bodies.forEach(body -> all.writeBytes(framed(body)));
        return all.toByteArray();
    }

    public static byte[] size(int announced) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(announced).array();
    }

    public static OutboundFrame answer(byte[] body) {
        MessageWriter writer = new MessageWriter(ByteBuffer.allocate(Integer.BYTES + body.length));
        writer.beginFrame();
        writer.buffer().put(body);
        return writer.finishFrame();
    }

    /** A frame with each of these between two halves of the bytes, and after them. */
    public static OutboundFrame answer(byte[] body, Records... payloads) {
        int capacity = Integer.BYTES + body.length;
        for (Records payload : payloads) {
            capacity += payload.sizeInBytes();
        }
        MessageWriter writer = new MessageWriter(ByteBuffer.allocate(capacity));
        writer.beginFrame();
        int half = body.length / 2;
        writer.buffer().put(body, 0, half);
        for (Records payload : payloads) {
            writer.writeRecords(payload);
        }
        writer.buffer().put(body, half, body.length - half);
        return writer.finishFrame();
    }

    /** The body of the next frame. */
    public static byte[] read(Peer peer) throws IOException {
        byte[] size = peer.read(Integer.BYTES);
        if (size.length < Integer.BYTES) {
            throw new EOFException("the other end has finished");
        }
        int bytes = ByteBuffer.wrap(size).getInt();
        byte[] body = peer.read(bytes);
        if (body.length < bytes) {
            throw new EOFException("the other end has finished within a frame");
        }
        return body;
    }
}
