package io.sluice.storage.mapdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file of changes that the store has not taken yet: each is the length of its body, the CRC32C of the body, and the body, which is a
 * kind, the number of the partition, and the contents. What is written survives the end of the process; {@link #force} makes it survive
 * the end of the machine. Changes come from one thread at a time.
 */
final class Journal {
    /** What a journal is read with. */
    @FunctionalInterface
    interface Change {
        void apply(byte kind, int partition, ByteBuffer contents) throws IOException;
    }

    /** A {@link PartitionRecord}: its start, epochs and snapshots count, its end does not. */
    static final byte STATE = 1;
    /** Whole batches, each of which begins where the one before it ends. */
    static final byte BATCHES = 2;
    /** Nothing: the partition is gone. */
    static final byte DELETED = 3;
    /** Where the batch before them ends, and whole batches. */
    static final byte BATCHES_AFTER = 4;

    private static final String PREFIX = "journal-";
    private static final int FRAME_BYTES = 2 * Integer.BYTES;
    private static final int HEAD_BYTES = 1 + Integer.BYTES;

    private final long number;
    private final Path file;
    private final FileChannel channel;
    private final CRC32C crc = new CRC32C();
    private ByteBuffer frame = ByteBuffer.allocateDirect(64 * 1024);
    private long position;

    private Journal(long number, Path file, FileChannel channel) {
        this.number = number;
        this.file = file;
        this.channel = channel;
    }

    static Journal create(Path directory, long number) throws IOException {
        Path file = file(directory, number);
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        return new Journal(number, file, channel);
    }

    static Path file(Path directory, long number) {
        return directory.resolve(PREFIX + number);
    }

    long number() {
        return number;
    }

    long position() {
        return position;
    }

    /**
     * Adds a change.
     *
     * @param contents borrowed; its position stays
     * @throws IOException then it is not in the journal, and the next is written in its place
     */
    void add(byte kind, int partition, ByteBuffer contents) throws IOException {
        ByteBuffer out = begin(kind, partition, contents.remaining());
        out.put(contents.duplicate());
        write(out.flip());
    }

    /** Adds whole batches; the same otherwise. */
    void addBatches(int partition, long follows, ByteBuffer batches) throws IOException {
        ByteBuffer out = begin(BATCHES_AFTER, partition, Long.BYTES + batches.remaining());
        out.putLong(follows).put(batches.duplicate());
        write(out.flip());
    }

    private ByteBuffer begin(byte kind, int partition, int contentBytes) {
        int bytes = FRAME_BYTES + HEAD_BYTES + contentBytes;
        ByteBuffer out = frame.capacity() < bytes ? ByteBuffer.allocateDirect(bytes) : frame;
        return out.clear().position(FRAME_BYTES).put(kind).putInt(partition);
    }

    private void write(ByteBuffer out) throws IOException {
        crc.reset();
        crc.update(out.duplicate().position(FRAME_BYTES));
        out.putInt(0, out.limit() - FRAME_BYTES).putInt(Integer.BYTES, (int) crc.getValue());
        long at = position;
        while (out.hasRemaining()) {
            at += channel.write(out, at);
        }
        position = at;
    }

    void force() throws IOException {
        channel.force(false);
    }

    void close() throws IOException {
        channel.close();
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    /** The numbers of the journals in a directory, rising. */
    static List<Long> numbers(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches(PREFIX + "[0-9]{1,18}"))
                    .map(name -> Long.valueOf(name.substring(PREFIX.length())))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /**
     * Reads a journal up to its end, or to the first change that was not written whole.
     *
     * @return the bytes behind the last whole change
     */
    static long replay(Path directory, long number, Change change) throws IOException {
        try (FileChannel in = FileChannel.open(file(directory, number), StandardOpenOption.READ)) {
            ByteBuffer head = ByteBuffer.allocate(FRAME_BYTES);
            CRC32C crc = new CRC32C();
            long at = 0L;
            long size = in.size();
            while (fill(in, head.clear(), at)) {
                int length = head.getInt(0);
                if (length < HEAD_BYTES || length > size - at - FRAME_BYTES) {
                    break;
                }
                ByteBuffer body = ByteBuffer.allocate(length);
                crc.reset();
                if (!fill(in, body, at + FRAME_BYTES)) {
                    break;
                }
                crc.update(body.array());
                if ((int) crc.getValue() != head.getInt(Integer.BYTES)) {
                    break;
                }
                byte kind = body.get(0);
                int partition = body.getInt(1);
                change.apply(kind, partition, body.position(HEAD_BYTES).slice());
                at += FRAME_BYTES + length;
            }
            return size - at;
        }
    }

    private static boolean fill(FileChannel in, ByteBuffer into, long at) throws IOException {
        while (into.hasRemaining()) {
            if (in.read(into, at + into.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    static void deleteUpTo(Path directory, long number) throws IOException {
        for (long known : new ArrayList<>(numbers(directory))) {
            if (known <= number) {
                Files.deleteIfExists(directory.resolve(PREFIX + known));
            }
        }
    }
}
