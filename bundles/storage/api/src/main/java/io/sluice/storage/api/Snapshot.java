package io.sluice.storage.api;

import java.nio.ByteBuffer;

/** An opaque state of the log's prefix below {@code offset}; the buffer is the receiver's. */
public record Snapshot(long offset, ByteBuffer state) {}
