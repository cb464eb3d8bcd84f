package io.sluice.cluster.local;

import io.sluice.base.Crc32c;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot file: the records that make the whole state at an offset.
 *
 * <pre>
 * checksum int32   CRC-32C of the bytes after it
 * magic    int32
 * offset   int64   of the last record that is in it
 * epoch    int32
 * records  int32   then for each record: length int32, bytes
 * </pre>
 */
record LogSnapshot(long offset, int epoch, List<ByteBuffer> records) {
    private static final int MAGIC = 0x534C4301;
    private static final int HEADER = 24;

    /** @return null when there is none */
    static @Nullable LogSnapshot newest(MetadataDirectory directory) throws IOException {
        List<Path> files = directory.snapshots();
        return files.isEmpty() ? null : read(files.get(files.size() - 1));
    }

    /** Durable when this returns; then the older ones are deleted. */
    void write(MetadataDirectory directory) throws IOException {
        Path target = directory.snapshot(offset, epoch);
        Path temporary = directory.temporary(target);
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = encode();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        directory.rename(temporary, target);
        directory.force();
        for (Path other : directory.snapshots()) {
            if (other.compareTo(target) < 0) {
                Files.deleteIfExists(other);
            }
        }
    }

    private ByteBuffer encode() {
        long size = HEADER;
        for (ByteBuffer record : records) {
            size += Integer.BYTES + record.remaining();
        }
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size));
        bytes.putInt(0).putInt(MAGIC).putLong(offset).putInt(epoch).putInt(records.size());
        for (ByteBuffer record : records) {
            bytes.putInt(record.remaining()).put(record.duplicate());
        }
        bytes.putInt(0, Crc32c.of(bytes, Integer.BYTES, bytes.position() - Integer.BYTES));
        return bytes.flip();
    }

    private static LogSnapshot read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        if (bytes.remaining() < HEADER
                || bytes.getInt() != Crc32c.of(bytes, Integer.BYTES, bytes.limit() - Integer.BYTES)
                || bytes.getInt() != MAGIC) {
            throw new DamagedLogException(file, "its checksum is wrong");
        }
        long offset = bytes.getLong();
        int epoch = bytes.getInt();
        int count = bytes.getInt();
        List<ByteBuffer> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
            if (length < 0 || length > bytes.remaining()) {
                throw new DamagedLogException(file, "a record is incomplete");
            }
            records.add(bytes.slice(bytes.position(), length).asReadOnlyBuffer());
            bytes.position(bytes.position() + length);
        }
        return new LogSnapshot(offset, epoch, records);
    }
}
