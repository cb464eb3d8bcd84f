package org.example.transport;

import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.OutboundFrame;
import io.sluice.protocol.OutboundPart;
import io.sluice.protocol.Records;
import io.sluice.storage.api.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.List;

/** The answers that have not been written yet. Owns them and releases each once. Guarded by its connection. */
final class AnswerQueue {
    private static final int WRITE_BYTES = 256 * 1024;

    private final ArrayDeque<OutboundFrame> frames = new ArrayDeque<>(2);
    private long bytes;
    private int part;
    private long sentOfPart;

    void add(OutboundFrame frame) {
        frames.add(frame);
        bytes += frame.sizeInBytes();
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    /** Writes until the channel takes no more. @return whether it took anything */
    boolean writeTo(WritableByteChannel channel) throws IOException {
        boolean any = false;
        for (OutboundFrame first = frames.peek(); first != null; first = frames.peek()) {
            List<OutboundPart> parts = first.parts();
            while (part < parts.size()) {
                long left = parts.get(part).sizeInBytes() - sentOfPart;
                while (left > 0L) {
                    long now = write(parts.get(part), channel);
                    if (now <= 0L) {
                        return any;
                    }
                    any = true;
                    sentOfPart += now;
                    bytes -= now;
                    left -= now;
                }
                part++;
                sentOfPart = 0L;
            }
            part = 0;
            frames.remove().release();
        }
        return any;
    }

    private long write(OutboundPart of, WritableByteChannel channel) throws IOException {
        if (of instanceof OutboundPart.Bytes memory) {
            return write(memory.buffer(), channel);
        }
        Records records = ((OutboundPart.Payload) of).records();
        if (records instanceof ByteBufferRecords memory) {
            return write(memory.buffer(), channel);
        }
        if (records instanceof FileSlice slice) { // sendfile, where the system has it
            long now = slice.transferTo(sentOfPart, channel);
            if (now <= 0L && slice.file().channel().size() < slice.position() + slice.sizeInBytes()) {
                throw new IOException("the log was cut below what was being sent");
            }
            return now;
        }
        throw new IOException("records of an unknown kind cannot be sent");
    }

    private long write(ByteBuffer buffer, WritableByteChannel channel) throws IOException {
        ByteBuffer rest = buffer.duplicate().position(buffer.position() + (int) sentOfPart);
        return channel.write(rest.limit(Math.min(rest.limit(), rest.position() + WRITE_BYTES)));
    }

    void clear() {
        for (OutboundFrame frame = frames.poll(); frame != null; frame = frames.poll()) {
            frame.release();
        }
        bytes = 0L;
        part = 0;
        sentOfPart = 0L;
    }
}
