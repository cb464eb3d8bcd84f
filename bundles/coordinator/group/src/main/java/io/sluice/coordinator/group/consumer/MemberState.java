package io.sluice.coordinator.group.consumer;

/** How far a member is on the way to its target; the codes are those of the records. */
public enum MemberState {
    /** It has what it was to have at its epoch. */
    STABLE(1),
    /** It must give partitions up, and has not said that it did. */
    UNREVOKED_PARTITIONS(2),
    /** It waits for partitions that others have not given up yet. */
    UNRELEASED_PARTITIONS(3),
    /** From a record of a newer version. */
    UNKNOWN(127);

    private final byte code;

    MemberState(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static MemberState of(byte code) {
        for (MemberState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
