package io.sluice.protocol;

import java.util.List;

/**
 * Encoded output in order: pieces of the writer's buffer and record payloads between them.
 *
 * <p>Owned by whoever took it from the writer, who sends the parts in order and then releases it once, also when sending failed.
 * The byte parts are views of the writer's buffer, which must not be reused before.
 */
public final class OutboundFrame {
    private final List<OutboundPart> parts;
    private final long sizeInBytes;

    OutboundFrame(List<OutboundPart> parts, long sizeInBytes) {
        this.parts = parts;
        this.sizeInBytes = sizeInBytes;
    }

    public List<OutboundPart> parts() {
        return parts;
    }

    /** Everything that goes on the wire, a size prefix included. */
    public long sizeInBytes() {
        return sizeInBytes;
    }

    /** Releases the payloads. */
    public void release() {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof OutboundPart.Payload payload) {
                payload.records().release();
            }
        }
    }
}
