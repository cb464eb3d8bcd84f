package io.sluice.cluster.api.config;

/** Where a value comes from, with its code in DescribeConfigs and CreateTopics. Earlier constants win over later ones. */
public enum ConfigSource {
    DYNAMIC_TOPIC(1),
    DYNAMIC_GROUP(8),
    DYNAMIC_CLIENT_METRICS(7),
    DYNAMIC_BROKER_LOGGER(6),
    DYNAMIC_BROKER(2),
    DYNAMIC_DEFAULT_BROKER(3),
    STATIC_BROKER(4),
    DEFAULT(5);

    private final byte code;

    ConfigSource(int code) {
        this.code = (byte) code;
    }

    /** The number on the wire. */
    public byte code() {
        return code;
    }
}
