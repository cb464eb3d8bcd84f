package io.sluice.broker.kernel;

import io.sluice.base.TopicPartition;
import io.sluice.broker.api.LogCare;
import io.sluice.storage.api.LogDamage;
import io.sluice.storage.api.LogVerification;
import io.sluice.storage.api.ReadPace;
import java.io.IOException;
import java.util.List;

/** {@link LogCare} over the broker's partitions. Any thread. */
final class PartitionCare implements LogCare {
    private final PartitionTable table;

    PartitionCare(PartitionTable table) {
        this.table = table;
    }

    private Partition find(TopicPartition name) throws IOException {
        Partition partition = table.find(name);
        if (partition == null) {
            throw new IOException("this broker does not have " + name);
        }
        return partition;
    }

    @Override
    public List<LogDamage> damage(TopicPartition partition) throws IOException {
        return find(partition).damage();
    }

    @Override
    public LogVerification verify(TopicPartition partition, ReadPace pace) throws IOException {
        return find(partition).verify(pace);
    }

    @Override
    public long startBehindDamage(TopicPartition partition) throws IOException {
        return find(partition).startBehindDamage();
    }

    @Override
    public long cutAtDamage(TopicPartition partition) throws IOException {
        return find(partition).cutAtDamage();
    }
}
