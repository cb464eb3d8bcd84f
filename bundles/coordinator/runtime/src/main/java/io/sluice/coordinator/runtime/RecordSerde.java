package io.sluice.coordinator.runtime;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Turns a coordinator's records into keys and values of its topic, and back. Stateless; any thread. */
public interface RecordSerde<R> {
    /** The key, between position and limit of a buffer that the caller owns. */
    ByteBuffer key(R record);

    /** The value, or null for a tombstone. */
    @Nullable
    ByteBuffer value(R record);

    /**
     * Reads a record. The buffers are borrowed for the call.
     *
     * @return null for a record that does not concern this coordinator and is passed over
     * @throws io.sluice.protocol.MalformedMessageException when the bytes are no such record
     */
    @Nullable
    R read(ByteBuffer key, @Nullable ByteBuffer value);
}
