package io.sluice.storage.mapdb;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.EpochEntry;
import io.sluice.storage.api.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What is kept of a partition beside its batches. Its form is a version, the fields in their order, and a CRC32C of all before it.
 *
 * @param start the log's start
 * @param end the log's end; what the journal holds lies behind it
 * @param written where the last batch ends, which is below the end when the log was cut where offsets were missing
 * @param size of all batches in bytes
 * @param cleaned below it the log was compacted
 * @param snapshots the oldest first
 */
record PartitionRecord(
        TopicIdPartition partition,
        long start,
        long end,
        long written,
        long size,
        long cleaned,
        List<EpochEntry> epochs,
        List<Snapshot> snapshots) {
    private static final int VERSION = 2;
    /** Had no {@code written}: it was the end. */
    private static final int FIRST_VERSION = 1;

    PartitionRecord {
        epochs = List.copyOf(epochs);
        snapshots = List.copyOf(snapshots);
    }

    static PartitionRecord empty(TopicIdPartition partition) {
        return new PartitionRecord(partition, 0L, 0L, 0L, 0L, 0L, List.of(), List.of());
    }

    PartitionRecord withExtent(long newStart, long newEnd, long newSize) {
        return withExtent(newStart, newEnd, newEnd, newSize);
    }

    PartitionRecord withExtent(long newStart, long newEnd, long newWritten, long newSize) {
        return new PartitionRecord(
                partition,
                newStart,
                newEnd,
                Math.max(newStart, newWritten),
                newSize,
                Math.min(cleaned, newEnd),
                epochs,
                snapshots);
    }

    /** The same batches, from another start on. */
    PartitionRecord withStart(long newStart, long newSize) {
        return withExtent(newStart, end, written, newSize);
    }

    PartitionRecord withCleaned(long offset) {
        return new PartitionRecord(partition, start, end, written, size, offset, epochs, snapshots);
    }

    PartitionRecord withEpochs(List<EpochEntry> entries) {
        return new PartitionRecord(partition, start, end, written, size, cleaned, entries, snapshots);
    }

    PartitionRecord withSnapshots(List<Snapshot> kept) {
        return new PartitionRecord(partition, start, end, written, size, cleaned, epochs, kept);
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeByte(VERSION);
            out.writeLong(partition.topicId().mostSignificantBits());
            out.writeLong(partition.topicId().leastSignificantBits());
            out.writeUTF(partition.topic());
            out.writeInt(partition.partition());
            out.writeLong(start);
            out.writeLong(end);
            out.writeLong(written);
            out.writeLong(size);
            out.writeLong(cleaned);
            out.writeInt(epochs.size());
            for (EpochEntry entry : epochs) {
                out.writeInt(entry.epoch());
                out.writeLong(entry.startOffset());
            }
            out.writeInt(snapshots.size());
            for (Snapshot snapshot : snapshots) {
                byte[] state = new byte[snapshot.state().remaining()];
                snapshot.state().get(snapshot.state().position(), state);
                out.writeLong(snapshot.offset());
                out.writeInt(state.length);
                out.write(state);
            }
            out.writeInt(crc(bytes.toByteArray(), bytes.size()));
        } catch (IOException e) {
            throw new IllegalStateException("an array takes all that is written", e);
        }
        return bytes.toByteArray();
    }

    /** @throws IOException when it is damaged */
    static PartitionRecord decode(byte[] bytes) throws IOException {
        int length = bytes.length - Integer.BYTES;
        if (length < 1
                || ByteBuffer.wrap(bytes).getInt(length) != crc(bytes, length)
                || bytes[0] < FIRST_VERSION
                || bytes[0] > VERSION) {
            throw new IOException("the record of a partition is damaged");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 1, length - 1));
        Uuid id = new Uuid(in.readLong(), in.readLong());
        TopicIdPartition partition = new TopicIdPartition(id, in.readUTF(), in.readInt());
        long start = in.readLong();
        long end = in.readLong();
        long written = bytes[0] == FIRST_VERSION ? end : in.readLong();
        long size = in.readLong();
        long cleaned = in.readLong();
        List<EpochEntry> epochs = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            epochs.add(new EpochEntry(in.readInt(), in.readLong()));
        }
        List<Snapshot> snapshots = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            long offset = in.readLong();
            snapshots.add(new Snapshot(offset, ByteBuffer.wrap(in.readNBytes(in.readInt()))));
        }
        return new PartitionRecord(partition, start, end, written, size, cleaned, epochs, snapshots);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
