package io.sluice.protocol.record;

/** Who set the timestamps of a batch (bit 3 of its attributes). */
public enum TimestampType {
    CREATE_TIME("CreateTime"),
    LOG_APPEND_TIME("LogAppendTime");

    private final String configName;

    TimestampType(String configName) {
        this.configName = configName;
    }

    /** The value of {@code message.timestamp.type}. */
    public String configName() {
        return configName;
    }
}
