package io.sluice.storage.api;

/**
 * What one round of background work did.
 *
 * @param deletedBytes removed by retention
 * @param compactedBytes removed by compaction
 */
public record Maintenance(long deletedBytes, long compactedBytes) {
    public static final Maintenance NONE = new Maintenance(0L, 0L);
}
