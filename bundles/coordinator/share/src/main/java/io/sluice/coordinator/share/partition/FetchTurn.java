package io.sluice.coordinator.share.partition;

import io.sluice.broker.api.FetchPosition;
import org.jspecify.annotations.Nullable;

/**
 * What a fetch is told that wants to read a share partition.
 *
 * @param position where to read; null when there is nothing to be had now
 * @param isBehindAnother whether that is so because another member reads just now
 * @param events how often there was something new before
 */
public record FetchTurn(@Nullable FetchPosition position, boolean isBehindAnother, long events) {}
