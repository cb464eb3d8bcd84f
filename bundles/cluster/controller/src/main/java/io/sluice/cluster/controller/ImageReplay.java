package io.sluice.cluster.controller;

import io.sluice.cluster.api.image.ClusterImage;
import io.sluice.cluster.api.image.ImageBuilder;
import io.sluice.cluster.api.image.ImageChange;
import io.sluice.cluster.api.image.RecordBytes;
import io.sluice.cluster.api.image.UnusableRecordException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows the committed records. While a log is loaded no image is made for each batch. */
final class ImageReplay {
    private ClusterImage image = ClusterImage.EMPTY;
    private @Nullable ImageBuilder loading;
    private long offset = -1;
    private int epoch;

    /** Everything that was replayed; while loading, what had been before. */
    ClusterImage image() {
        return image;
    }

    /** Begins anew. */
    void snapshot(long snapshotOffset, int snapshotEpoch, List<ByteBuffer> records) {
        image = ClusterImage.EMPTY;
        loading = new ImageBuilder(image);
        records.forEach(record -> loading.replay(RecordBytes.decode(record)));
        offset = snapshotOffset;
        epoch = snapshotEpoch;
    }

    /** Takes a batch in, without an image of its own. */
    void load(long firstOffset, int batchEpoch, List<ByteBuffer> records) {
        ImageBuilder builder = loading == null ? new ImageBuilder(image) : loading;
        loading = builder;
        take(builder, firstOffset, batchEpoch, records);
    }

    /** Ends loading. */
    ClusterImage loaded() {
        if (loading != null) {
            image = loading.build(offset, epoch, image.controllerId()).image();
            loading = null;
        }
        return image;
    }

    /** Takes a batch in. */
    ImageChange replay(long firstOffset, int batchEpoch, List<ByteBuffer> records) {
        ImageBuilder builder = new ImageBuilder(image);
        take(builder, firstOffset, batchEpoch, records);
        ImageChange change = builder.build(offset, epoch, image.controllerId());
        image = change.image();
        return change;
    }

    /** The same content under another controller. */
    ClusterImage led(int newEpoch, int controllerId) {
        epoch = newEpoch;
        image = loaded().ledBy(newEpoch, controllerId);
        return image;
    }

    private void take(ImageBuilder builder, long firstOffset, int batchEpoch, List<ByteBuffer> records) {
        if (firstOffset != offset + 1) {
            throw new UnusableRecordException(
                    "The metadata log goes on at offset " + firstOffset + " where " + (offset + 1) + " is due");
        }
        records.forEach(record -> builder.replay(RecordBytes.decode(record)));
        offset += records.size();
        epoch = batchEpoch;
    }
}
