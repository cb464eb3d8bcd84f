package io.sluice.coordinator.streams.group;

/** How far a member is on its way to its target; the codes are those of the record. */
enum MemberState {
    STABLE(1),
    /** It has to give tasks up before it comes to the next epoch. */
    UNREVOKED_TASKS(2),
    /** It waits for tasks that others still have. */
    UNRELEASED_TASKS(3),
    /** Of a version that is newer than this. */
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
