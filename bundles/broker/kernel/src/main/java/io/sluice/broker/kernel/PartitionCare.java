package io.sluice.broker.kernel;

import io.sluice.base.TopicPartition;
import io.sluice.broker.api.LogCare;
import io.sluice.broker.api.StagedLog;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogDamage;
import io.sluice.storage.api.LogVerification;
import io.sluice.storage.api.ReadPace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@link LogCare} over the broker's partitions. Any thread. */
final class PartitionCare implements LogCare {
    private final PartitionTable table;
    private final LogTransfer transfer;

    PartitionCare(PartitionTable table, LogTransfer transfer) {
        this.table = table;
        this.transfer = transfer;
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
        return find(partition).upkeep().damage();
    }

    @Override
    public LogVerification verify(TopicPartition partition, ReadPace pace) throws IOException {
        return find(partition).upkeep().verify(pace);
    }

    @Override
    public long startBehindDamage(TopicPartition partition) throws IOException {
        return find(partition).upkeep().startBehindDamage();
    }

    @Override
    public long cutAtDamage(TopicPartition partition) throws IOException {
        return find(partition).upkeep().cutAtDamage();
    }

    @Override
    public long backup(TopicPartition partition, Path directory, ReadPace pace) throws IOException {
        return find(partition).upkeep().backup(transfer, directory, pace);
    }

    @Override
    public StagedLog stage(
            Path folder, TopicPartition source, TopicPartition target, Map<String, String> config, ReadPace pace)
            throws IOException {
        requireAbsent(target);
        return transfer.stage(folder, source, target, LogConfig.from(config), pace);
    }

    @Override
    public void adopt(String topic, int partitions) throws IOException {
        for (int number = 0; number < partitions; number++) {
            requireAbsent(new TopicPartition(topic, number));
        }
        transfer.adopt(topic, partitions);
    }

    private void requireAbsent(TopicPartition target) throws IOException {
        if (table.find(target) != null) {
            throw new IOException(target + " is there already");
        }
    }

    @Override
    public void discard(String topic, int partitions) throws IOException {
        for (int number = 0; number < partitions; number++) {
            TopicPartition target = new TopicPartition(topic, number);
            if (table.find(target) == null) {
                transfer.discard(target);
            }
        }
    }
}
