package io.sluice.coordinator.streams.topology;

/** What members are told of their group beside errors, by the codes of StreamsGroupHeartbeat's answer. */
public enum GroupStatus {
    STALE_TOPOLOGY(0),
    MISSING_SOURCE_TOPICS(1),
    INCORRECTLY_PARTITIONED_TOPICS(2),
    MISSING_INTERNAL_TOPICS(3),
    SHUTDOWN_APPLICATION(4),
    ASSIGNMENT_DELAYED(5),
    MISSING_CLIENT_TAGS(6);

    private final byte code;

    GroupStatus(int code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }
}
