package io.sluice.coordinator.share.partition;

/**
 * Records that are given up and go to the group's dead-letter topic (KIP-1191).
 *
 * @param lastOffset inclusive
 */
record DeadLetter(long firstOffset, long lastOffset, int deliveryCount, Cause cause) {
    enum Cause {
        REJECTED("Offset rejected by client."),
        DELIVERY_COUNT_EXCEEDED("Offset delivery count exceeded the threshold.");

        private final String message;

        Cause(String message) {
            this.message = message;
        }

        /** As it is written into the record's headers. */
        String message() {
            return message;
        }
    }
}
