package io.sluice.protocol.compress;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The codecs of record batches; the ordinal is the id in a batch's attributes. Stateless between calls and safe for any thread.
 *
 * <p>The formats are those that Kafka's clients write: a gzip stream, Snappy in snappy-java's framing (raw blocks are read too), the LZ4
 * frame format with independent blocks, and a zstd stream.
 */
public enum CompressionType {
    NONE("none", new PlainCodec()),
    GZIP("gzip", new GzipCodec()),
    SNAPPY("snappy", new SnappyCodec()),
    LZ4("lz4", new Lz4Codec()),
    ZSTD("zstd", new ZstdCodec());

    private static final CompressionType[] BY_ID = values();

    private final String configName;
    private final Codec codec;

    CompressionType(String configName, Codec codec) {
        this.configName = configName;
        this.codec = codec;
    }

    public int id() {
        return ordinal();
    }

    /** The value of {@code compression.type}. */
    public String configName() {
        return configName;
    }

    public static @Nullable CompressionType of(int id) {
        return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
    }

    /** The type of a configured name, or null. */
    public static @Nullable CompressionType ofConfigName(String name) {
        for (CompressionType type : BY_ID) {
            if (type.configName.equals(name)) {
                return type;
            }
        }
        return null;
    }

    /**
     * Decompresses what lies between position and limit, which stay as they are. Memory grows with what is really decoded, not with what
     * the input claims.
     *
     * @return a heap buffer that the caller owns; for {@link #NONE} a view of the input
     * @throws CompressionException when the input is malformed or its content passes {@code maxBytes}
     */
    public ByteBuffer decompress(ByteBuffer in, int maxBytes) {
        return codec.decompress(in.duplicate(), maxBytes);
    }

    /** Compresses what lies between position and limit, which stay as they are; the caller owns the result. */
    public ByteBuffer compress(ByteBuffer in) {
        return codec.compress(in.duplicate());
    }

    /**
     * The same at a level: of gzip 1 to 9 or -1 for its default, of lz4 1 to 17, of zstd those of its library. The other codecs have no
     * levels and compress as ever.
     */
    public ByteBuffer compress(ByteBuffer in, int level) {
        return codec.compress(in.duplicate(), level);
    }
}
