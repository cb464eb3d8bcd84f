package io.sluice.transport.loopback;

import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.OutboundFrame;
import io.sluice.protocol.OutboundPart;
import io.sluice.protocol.Records;
import io.sluice.storage.api.FileSlice;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers that have not gone into the pipe yet. Owns them and releases each once. Guarded by its connection. */
final class AnswerQueue {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerQueue.class);

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
                while (left > 0) {
                    long now = write(parts.get(part), channel);
                    if (now <= 0) {
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
            release(frames.remove());
        }
        return any;
    }

    private long write(OutboundPart of, WritableByteChannel channel) throws IOException {
        if (of instanceof OutboundPart.Bytes memory) {
            return channel.write(
                    memory.buffer().duplicate().position(memory.buffer().position() + (int) sentOfPart));
        }
        Records records = ((OutboundPart.Payload) of).records();
        if (records instanceof ByteBufferRecords memory) {
            return channel.write(
                    memory.buffer().duplicate().position(memory.buffer().position() + (int) sentOfPart));
        }
        if (records instanceof FileSlice slice) {
            long now = slice.transferTo(sentOfPart, channel);
            if (now <= 0 && slice.file().channel().size() < slice.position() + slice.sizeInBytes()) {
                throw new IOException("the log was cut below what was being sent");
            }
            return now;
        }
        throw new IOException("records of an unknown kind cannot be sent");
    }

    void clear() {
        for (OutboundFrame frame = frames.poll(); frame != null; frame = frames.poll()) {
            release(frame);
        }
        bytes = 0L;
        part = 0;
        sentOfPart = 0L;
    }

    static void release(OutboundFrame frame) {
        try {
            frame.release();
        } catch (RuntimeException e) {
            LOG.error("releasing an answer failed", e);
        }
    }
}
