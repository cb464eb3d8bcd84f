package io.sluice.broker.api;

import io.sluice.base.ErrorCode;

/** An answer of OffsetForLeaderEpoch; epoch and offset are -1 where there is none. */
public record EpochEndOutcome(ErrorCode error, int epoch, long endOffset) {}
