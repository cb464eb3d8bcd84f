package io.sluice.protocol.record;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A header of a record; the value is the bytes between the buffer's position and limit. */
public record RecordHeader(String key, @Nullable ByteBuffer value) {}
