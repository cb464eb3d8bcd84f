package io.sluice.coordinator.runtime;

import io.sluice.base.ErrorCode;

/** What an append that has failed means to a client of a coordinator. */
final class CoordinatorErrors {
    private CoordinatorErrors() {}

    static ErrorCode of(ErrorCode error) {
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND, REQUEST_TIMED_OUT ->
                ErrorCode.COORDINATOR_NOT_AVAILABLE;
            default -> ErrorCode.NOT_COORDINATOR;
        };
    }

    /** The same for records of a producer: what the log has against that one is told as it is. */
    static ErrorCode ofProducer(ErrorCode error) {
        return error.retriable() ? of(error) : error;
    }
}
