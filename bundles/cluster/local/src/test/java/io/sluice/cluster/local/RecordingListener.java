package io.sluice.cluster.local;

import io.sluice.cluster.api.ConsensusLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes all that the log tells, records as texts. */
final class RecordingListener implements ConsensusLog.Listener {
    final List<String> snapshot = new ArrayList<>();
    final List<List<String>> batches = new ArrayList<>();
    final List<Long> firstOffsets = new ArrayList<>();
    final List<Integer> epochs = new ArrayList<>();
    long snapshotOffset = -1;
    int epoch = -1;

    @Nullable
    Integer leader;

    @Override
    public void snapshot(long offset, int snapshotEpoch, List<ByteBuffer> records) {
        snapshotOffset = offset;
        snapshot.addAll(texts(records));
    }

    @Override
    public void committed(long firstOffset, int batchEpoch, List<ByteBuffer> records) {
        firstOffsets.add(firstOffset);
        epochs.add(batchEpoch);
        batches.add(texts(records));
    }

    @Override
    public void leaderChanged(int newEpoch, @Nullable Integer newLeader) {
        epoch = newEpoch;
        leader = newLeader;
    }

    static List<ByteBuffer> bytes(List<String> texts) {
        return texts.stream()
                .map(text -> ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static List<String> texts(List<ByteBuffer> records) {
        return records.stream()
                .map(record -> StandardCharsets.UTF_8.decode(record.duplicate()).toString())
                .toList();
    }
}
