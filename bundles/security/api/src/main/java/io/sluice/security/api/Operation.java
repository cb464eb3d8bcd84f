package io.sluice.security.api;

/** What is done to a resource; codes as in the ACL requests of the protocol. */
public enum Operation {
    READ(3),
    WRITE(4),
    CREATE(5),
    DELETE(6),
    ALTER(7),
    DESCRIBE(8),
    CLUSTER_ACTION(9),
    DESCRIBE_CONFIGS(10),
    ALTER_CONFIGS(11),
    IDEMPOTENT_WRITE(12),
    TWO_PHASE_COMMIT(15);

    private final byte code;

    Operation(int code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }
}
