package io.sluice.admin.commands;

import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows about partitions: what the metadata says and how this broker's replica stands. */
final class PartitionTable {
    private static final List<String> COLUMNS = List.of(
            "topic", "partition", "leader", "epoch", "replicas", "isr", "state", "start", "end", "bytes", "reason");

    private final BrokerAccess access;

    PartitionTable(BrokerAccess access) {
        this.access = access;
    }

    void print(Invocation invocation, TopicImage topic) throws CommandException {
        invocation.table(COLUMNS, rows(topic));
    }

    void print(Invocation invocation, List<Map<String, Object>> rows) {
        invocation.table(COLUMNS, rows);
    }

    List<Map<String, Object>> rows(TopicImage topic) throws CommandException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (PartitionImage partition : topic.partitions()) {
            rows.add(row(topic.name(), partition));
        }
        return rows;
    }

    private Map<String, Object> row(String topic, PartitionImage image) throws CommandException {
        PartitionStatus status = access.partitions().status(new TopicPartition(topic, image.partition()));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("topic", topic);
        row.put("partition", image.partition());
        row.put("leader", image.leader());
        row.put("epoch", image.leaderEpoch());
        row.put("replicas", image.replicas());
        row.put("isr", image.inSyncReplicas());
        row.put("state", status == null ? null : status.state());
        row.put("start", status == null ? null : status.logStartOffset());
        row.put("end", status == null ? null : status.highWatermark());
        row.put("bytes", status == null ? null : status.sizeInBytes());
        row.put("reason", status == null ? null : status.reason());
        return row;
    }
}
