package io.sluice.coordinator.share.partition;

/**
 * What a record is to a share group (KIP-932, KIP-1191).
 *
 * <p>{@code AVAILABLE -> ACQUIRED -> ACKNOWLEDGED}, or back to {@code AVAILABLE}, or given up: {@code ARCHIVED}, after {@code ARCHIVING} where the
 * group has a dead-letter topic.
 */
enum RecordState {
    AVAILABLE(0),
    ACQUIRED(1),
    ACKNOWLEDGED(2),
    ARCHIVING(3),
    ARCHIVED(4);

    private final byte id;

    RecordState(int id) {
        this.id = (byte) id;
    }

    /** As in Kafka's records. */
    byte id() {
        return id;
    }

    /** Nothing will become of it any more. */
    boolean isFinal() {
        return this == ACKNOWLEDGED || this == ARCHIVED;
    }

    /** The state that is kept under an id: who had acquired a record is not kept, it is available again. */
    static RecordState ofKept(byte id) {
        return switch (id) {
            case 2 -> ACKNOWLEDGED;
            case 3 -> ARCHIVING;
            case 4 -> ARCHIVED;
            default -> AVAILABLE;
        };
    }
}
