package io.sluice.storage.api;

import io.sluice.base.Crc32c;
import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.MessageBytes;
import io.sluice.protocol.storage.ProducerSnapshot;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Producer states in the format of Kafka's {@code .snapshot} files: version, CRC-32C of what follows it, entries.
 *
 * <p>Kafka writes one entry for each producer, with its last batch only. Here each remembered batch has an entry, the newest last, so
 * that repetitions are known after a restart too; Kafka's reader takes the last entry of a producer.
 */
final class ProducerSnapshots {
    private static final short VERSION = 1;
    private static final int VERSION_BYTES = 2;
    private static final int CRC_BYTES = 4;
    private static final int ENTRIES = VERSION_BYTES + CRC_BYTES;

    private ProducerSnapshots() {}

    static ByteBuffer encode(Collection<ProducerState> states) {
        List<ProducerSnapshot.ProducerEntry> entries = new ArrayList<>(states.size());
        for (ProducerState state : states) {
            int batches = state.batchCount();
            for (int i = 0; i < batches - 1; i++) {
                entries.add(entry(state, state.slot(i), -1L, false));
            }
            entries.add(entry(state, batches == 0 ? -1 : state.slot(batches - 1), state.currentTxnFirstOffset, true));
        }
        ProducerSnapshot snapshot = new ProducerSnapshot().setCrc(0L).setProducerEntries(entries);
        ByteBuffer bytes = MessageBytes.encodeWithVersion(snapshot, VERSION);
        int crc = Crc32c.of(bytes, bytes.position() + ENTRIES, bytes.remaining() - ENTRIES);
        bytes.putInt(bytes.position() + VERSION_BYTES, crc);
        return bytes;
    }

    private static ProducerSnapshot.ProducerEntry entry(
            ProducerState state, int slot, long txnFirstOffset, boolean newest) {
        return new ProducerSnapshot.ProducerEntry()
                .setProducerId(state.producerId)
                .setEpoch(state.epoch)
                .setLastSequence(slot < 0 ? -1 : state.lastSequenceAt(slot))
                .setLastOffset(slot < 0 ? -1L : state.lastOffsetAt(slot))
                .setOffsetDelta(slot < 0 ? 0 : state.offsetDeltaAt(slot))
                .setTimestamp(newest ? state.lastTimestampMs : state.timestampAt(slot))
                .setCoordinatorEpoch(state.coordinatorEpoch)
                .setCurrentTxnFirstOffset(txnFirstOffset);
    }

    /** Null when the bytes are damaged or of a version that is not known. */
    static @Nullable List<ProducerState> decode(ByteBuffer bytes) {
        if (bytes.remaining() < ENTRIES || bytes.getShort(bytes.position()) != VERSION) {
            return null;
        }
        int crc = Crc32c.of(bytes, bytes.position() + ENTRIES, bytes.remaining() - ENTRIES);
        if (crc != bytes.getInt(bytes.position() + VERSION_BYTES)) {
            return null;
        }
        ProducerSnapshot snapshot;
        try {
            snapshot = MessageBytes.decodeWithVersion(bytes.duplicate(), new ProducerSnapshot());
        } catch (MalformedMessageException e) {
            return null;
        }
        Map<Long, ProducerState> states = new LinkedHashMap<>();
        for (ProducerSnapshot.ProducerEntry entry : snapshot.producerEntries()) {
            ProducerState state = states.computeIfAbsent(entry.producerId(), ProducerState::new);
            if (entry.lastOffset() >= 0L) {
                state.add(
                        entry.epoch(),
                        entry.lastSequence(),
                        entry.lastOffset(),
                        entry.offsetDelta(),
                        entry.timestamp());
            }
            state.epoch = entry.epoch();
            state.lastTimestampMs = entry.timestamp();
            state.coordinatorEpoch = entry.coordinatorEpoch();
            state.currentTxnFirstOffset = entry.currentTxnFirstOffset();
        }
        return new ArrayList<>(states.values());
    }
}
