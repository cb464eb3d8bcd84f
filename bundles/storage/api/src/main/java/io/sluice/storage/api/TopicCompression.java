package io.sluice.storage.api;

import io.sluice.protocol.compress.CompressionType;
import org.jspecify.annotations.Nullable;

/** What {@code compression.type} of a topic asks for: a codec, or what the producer chose. */
public enum TopicCompression {
    PRODUCER("producer", null),
    UNCOMPRESSED("uncompressed", CompressionType.NONE),
    GZIP("gzip", CompressionType.GZIP),
    SNAPPY("snappy", CompressionType.SNAPPY),
    LZ4("lz4", CompressionType.LZ4),
    ZSTD("zstd", CompressionType.ZSTD);

    private final String configName;
    private final @Nullable CompressionType codec;

    TopicCompression(String configName, @Nullable CompressionType codec) {
        this.configName = configName;
        this.codec = codec;
    }

    public String configName() {
        return configName;
    }

    /** The codec that batches of the topic have; null when they keep the producer's. */
    public @Nullable CompressionType codec() {
        return codec;
    }

    static @Nullable TopicCompression ofConfigName(String name) {
        for (TopicCompression compression : values()) {
            if (compression.configName.equals(name)) {
                return compression;
            }
        }
        return null;
    }
}
