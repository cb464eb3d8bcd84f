package io.sluice.broker.api;

/** The timestamps of ListOffsets that are no times. */
public final class SpecialTimestamp {
    public static final long LATEST = -1L;
    public static final long EARLIEST = -2L;
    public static final long MAX_TIMESTAMP = -3L;
    public static final long EARLIEST_LOCAL = -4L;
    public static final long LATEST_TIERED = -5L;
    public static final long EARLIEST_PENDING_UPLOAD = -6L;

    private SpecialTimestamp() {}
}
