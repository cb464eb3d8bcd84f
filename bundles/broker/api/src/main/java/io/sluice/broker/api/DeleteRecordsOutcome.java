package io.sluice.broker.api;

import io.sluice.base.ErrorCode;

/** An answer of DeleteRecords; the low watermark is -1 with an error. */
public record DeleteRecordsOutcome(ErrorCode error, long lowWatermark) {}
