package io.sluice.storage.api;

import java.nio.ByteBuffer;

/** Sees the batches of a log one after the other. */
@FunctionalInterface
public interface BatchVisitor {
    /**
     * @param header lent for the call: at least the {@link BatchHeader#BYTES} of the batch's header from {@code at} on
     */
    void visit(ByteBuffer header, int at);
}
