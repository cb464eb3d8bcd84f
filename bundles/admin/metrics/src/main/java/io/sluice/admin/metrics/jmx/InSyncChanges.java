package io.sluice.admin.metrics.jmx;

import io.sluice.base.TopicPartition;
import io.sluice.cluster.api.MetadataDelta;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataListener;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts how often a partition that a broker leads has lost a replica in sync, or won one. Counted on the controller's thread; read by any. */
final class InSyncChanges implements MetadataListener {
    private final int nodeId;
    private final LongAdder shrinks = new LongAdder();
    private final LongAdder expands = new LongAdder();
    private @Nullable MetadataImage before;

    InSyncChanges(int nodeId) {
        this.nodeId = nodeId;
    }

    @Override
    public void changed(MetadataDelta delta, MetadataImage image) {
        MetadataImage earlier = before;
        before = image;
        if (earlier == null) {
            return;
        }
        for (String name : delta.changedTopics()) {
            TopicImage topic = image.topic(name);
            if (topic != null) {
                topic.partitions()
                        .forEach(partition ->
                                compare(earlier.partition(new TopicPartition(name, partition.partition())), partition));
            }
        }
    }

    private void compare(@Nullable PartitionImage earlier, PartitionImage now) {
        if (earlier == null || now.leader() != nodeId) {
            return;
        }
        int change = now.inSyncReplicas().size() - earlier.inSyncReplicas().size();
        if (change < 0) {
            shrinks.increment();
        } else if (change > 0) {
            expands.increment();
        }
    }

    long shrinks() {
        return shrinks.sum();
    }

    long expands() {
        return expands.sum();
    }
}
