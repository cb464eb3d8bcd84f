package io.sluice.protocol.compress;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/** The LZ4 library's instances, loaded at first use: native where that works, else Java. */
record Lz4Library(LZ4Factory factory, LZ4Compressor compressor, LZ4SafeDecompressor decompressor, XXHash32 hash) {
    /** The level at which Kafka takes the fast compressor; every other one means the thorough one. */
    private static final int FAST_LEVEL = 9;

    static Lz4Library get() {
        return Holder.INSTANCE;
    }

    LZ4Compressor compressor(int level) {
        return level == FAST_LEVEL ? compressor : factory.highCompressor(level);
    }

    private static final class Holder {
        static final Lz4Library INSTANCE = load();
    }

    private static Lz4Library load() {
        LZ4Factory lz4;
        XXHashFactory hashes;
        try {
            lz4 = LZ4Factory.nativeInstance();
            hashes = XXHashFactory.nativeInstance();
        } catch (LinkageError | RuntimeException e) {
            // The library's own choice would be the slow one under OSGi, so native comes first and Java is the way out.
            lz4 = LZ4Factory.fastestJavaInstance();
            hashes = XXHashFactory.fastestJavaInstance();
        }
        return new Lz4Library(lz4, lz4.fastCompressor(), lz4.safeDecompressor(), hashes.hash32());
    }
}
