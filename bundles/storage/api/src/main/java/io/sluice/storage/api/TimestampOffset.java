package io.sluice.storage.api;

/** A record's timestamp in milliseconds, its offset, and the epoch of the leader that appended it. */
public record TimestampOffset(long timestampMs, long offset, int leaderEpoch) {}
