package io.sluice.cluster.api;

import java.util.Objects;

/** Whose configuration: a topic, a broker (by node id; the empty name is the default of all brokers), ... */
public record ConfigResource(Type type, String name) {
    public ConfigResource {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(name, "name");
    }

    /** Codes as in the protocol. */
    public enum Type {
        TOPIC(2),
        BROKER(4),
        BROKER_LOGGER(8),
        CLIENT_METRICS(16),
        GROUP(32);

        private final byte code;

        Type(int code) {
            this.code = (byte) code;
        }

        public byte code() {
            return code;
        }

        /** @return null for a code that stands for none of these */
        public static @org.jspecify.annotations.Nullable Type of(byte code) {
            for (Type type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            return null;
        }
    }
}
