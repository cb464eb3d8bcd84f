package io.sluice.cluster.api;

import org.jspecify.annotations.Nullable;

/** A SCRAM mechanism (KIP-554); codes as in the protocol and in the metadata records. */
public enum ScramMechanism {
    SCRAM_SHA_256(1, "SCRAM-SHA-256", "HmacSHA256", "SHA-256"),
    SCRAM_SHA_512(2, "SCRAM-SHA-512", "HmacSHA512", "SHA-512");

    private final byte code;
    private final String saslName;
    private final String macAlgorithm;
    private final String hashAlgorithm;

    ScramMechanism(int code, String saslName, String macAlgorithm, String hashAlgorithm) {
        this.code = (byte) code;
        this.saslName = saslName;
        this.macAlgorithm = macAlgorithm;
        this.hashAlgorithm = hashAlgorithm;
    }

    public byte code() {
        return code;
    }

    /** As SASL names it, such as {@code SCRAM-SHA-256}. */
    public String saslName() {
        return saslName;
    }

    /** The keyed hash of RFC 5802 by its name in the JDK. */
    public String macAlgorithm() {
        return macAlgorithm;
    }

    /** The hash of RFC 5802 by its name in the JDK. */
    public String hashAlgorithm() {
        return hashAlgorithm;
    }

    /** @return null for a code that stands for none of these */
    public static @Nullable ScramMechanism of(byte code) {
        for (ScramMechanism mechanism : values()) {
            if (mechanism.code == code) {
                return mechanism;
            }
        }
        return null;
    }
}
