package io.sluice.protocol;

import java.nio.ByteBuffer;

/** One piece of an {@link OutboundFrame}. */
public sealed interface OutboundPart {
    long sizeInBytes();

    /** Encoded bytes between the buffer's position and limit: a view of the writer's buffer. */
    record Bytes(ByteBuffer buffer) implements OutboundPart {
        @Override
        public long sizeInBytes() {
            return buffer.remaining();
        }
    }

    /** Record batches that are sent from where they lie. */
    record Payload(Records records) implements OutboundPart {
        @Override
        public long sizeInBytes() {
            return records.sizeInBytes();
        }
    }
}
