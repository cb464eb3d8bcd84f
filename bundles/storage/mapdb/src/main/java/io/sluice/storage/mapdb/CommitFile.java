package io.sluice.storage.mapdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.eclipse.collections.impl.map.mutable.primitive.LongObjectHashMap;

/**
 * The blocks of one commit of an {@link AtomicVolume}, on their way into its file. Once they are all in here, with a checksum over them,
 * the commit holds: what a crash leaves half written in the file is written again from here at the next opening. Before that the file has
 * not been touched. For one thread.
 */
final class CommitFile implements AutoCloseable {
    private static final int MAGIC = 0x534c4331;
    private static final int HEADER_BYTES = Integer.BYTES + Long.BYTES + Integer.BYTES;
    private static final int ENTRY_BYTES = Long.BYTES + AtomicVolume.BLOCK_BYTES;
    private static final int BUFFER_ENTRIES = 64;

    private final FileChannel channel;

    CommitFile(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    }

    /**
     * Keeps a commit, durably.
     *
     * @param length how long the file is with it
     * @param blocks by their place in the file, in blocks
     */
    void keep(long length, long[] places, LongObjectHashMap<byte[]> blocks) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_ENTRIES * ENTRY_BYTES);
        buffer.putInt(MAGIC).putLong(length).putInt(places.length);
        long at = 0L;
        for (long place : places) {
            if (buffer.remaining() < ENTRY_BYTES) {
                at = write(buffer, at, crc);
            }
            buffer.putLong(place).put(blocks.get(place));
        }
        at = write(buffer, at, crc);
        buffer.putLong(crc.getValue());
        write(buffer, at, crc);
        channel.force(false);
    }

    private long write(ByteBuffer buffer, long position, CRC32C crc) throws IOException {
        buffer.flip();
        crc.update(buffer.duplicate());
        long at = position;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
        buffer.clear();
        return at;
    }

    /** Writes the commit that is in here into the file, durably, if there is a whole one; then there is none any more. */
    void bringInto(FileChannel file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        if (channel.size() >= HEADER_BYTES + Long.BYTES && read(header, 0L)) {
            long length = header.getLong(Integer.BYTES);
            int count = header.getInt(Integer.BYTES + Long.BYTES);
            if (header.getInt(0) == MAGIC && count >= 0 && isWhole(count)) {
                ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
                for (int i = 0; i < count; i++) {
                    read(entry.clear(), HEADER_BYTES + (long) i * ENTRY_BYTES);
                    put(file, entry.getLong(0), entry.slice(Long.BYTES, AtomicVolume.BLOCK_BYTES));
                }
                lengthen(file, length);
                file.force(true);
            }
        }
        forget();
    }

    private boolean isWhole(int count) throws IOException {
        long end = HEADER_BYTES + (long) count * ENTRY_BYTES;
        if (channel.size() < end + Long.BYTES) {
            return false;
        }
        CRC32C crc = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_ENTRIES * ENTRY_BYTES);
        for (long at = 0L; at < end; at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            if (!read(buffer, at)) {
                return false;
            }
            crc.update(buffer.flip());
        }
        ByteBuffer sum = ByteBuffer.allocate(Long.BYTES);
        return read(sum, end) && sum.getLong(0) == crc.getValue();
    }

    private boolean read(ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int read = channel.read(target, at);
            if (read < 0) {
                return false;
            }
            at += read;
        }
        return true;
    }

    static void put(FileChannel file, long place, ByteBuffer block) throws IOException {
        long at = place * AtomicVolume.BLOCK_BYTES;
        while (block.hasRemaining()) {
            at += file.write(block, at);
        }
    }

    static void lengthen(FileChannel file, long length) throws IOException {
        if (file.size() < length) {
            file.write(ByteBuffer.allocate(1), length - 1L);
        }
    }

    /** Takes the room for what lies between, as zeros. */
    static void fill(FileChannel file, long from, long to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(BUFFER_ENTRIES * AtomicVolume.BLOCK_BYTES, to - from));
        for (long at = from; at < to; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), to - at));
            at += file.write(zeros, at);
        }
    }

    /** The commit is in the file, durably, or is not to be. */
    void forget() throws IOException {
        channel.truncate(0L);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
