package io.sluice.storage.api;

/** How much of a client's batch is checked before it is appended ({@code record.validation}). */
public enum RecordValidation {
    /** CRC, header and every record; compressed batches are decoded. What Kafka does. */
    FULL("full"),
    /** CRC and header only. */
    HEADER("header");

    private final String configName;

    RecordValidation(String configName) {
        this.configName = configName;
    }

    public String configName() {
        return configName;
    }
}
