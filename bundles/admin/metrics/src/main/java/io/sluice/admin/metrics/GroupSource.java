package io.sluice.admin.metrics;

import io.sluice.base.TopicPartition;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.metrics.MetricSink;
import io.sluice.broker.api.metrics.MetricSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The groups: how many there are, their members, and how far those that are shown lag behind what is committed. */
final class GroupSource implements MetricSource {
    private static final int AT_A_TIME = 100;

    private final Groups groups;
    private final Supplier<List<Groups.Listed>> listed;
    private final Supplier<Shown> shown;
    private final Function<TopicPartition, @Nullable PartitionStatus> partitions;

    /** @param listed as they were listed for this scrape */
    GroupSource(
            Groups groups,
            Supplier<List<Groups.Listed>> listed,
            Supplier<Shown> shown,
            Function<TopicPartition, @Nullable PartitionStatus> partitions) {
        this.groups = groups;
        this.listed = listed;
        this.shown = shown;
        this.partitions = partitions;
    }

    @Override
    public void collect(MetricSink sink) {
        Shown now = shown.get();
        Map<String, List<String>> byType = new TreeMap<>();
        for (Groups.Listed group : listed.get()) {
            sink.gauge("sluice_groups", "Groups, by type and state.", 1, "type", group.type(), "state", group.state());
            if (now.group(group.group())) {
                byType.computeIfAbsent(group.type(), type -> new ArrayList<>()).add(group.group());
                sink.gauge(
                        "sluice_group_state",
                        "1, with the state of a group.",
                        1,
                        "group",
                        group.group(),
                        "type",
                        group.type(),
                        "state",
                        group.state());
            }
        }
        byType.forEach((type, names) -> {
            for (int i = 0; i < names.size(); i += AT_A_TIME) {
                of(type, names.subList(i, Math.min(names.size(), i + AT_A_TIME)), sink);
            }
        });
    }

    private void of(String type, List<String> names, MetricSink sink) {
        groups.members(type, names)
                .forEach((group, count) ->
                        sink.gauge("sluice_group_members", "Members of a group.", count, "group", group));
        Shown now = shown.get();
        groups.positions(type, names)
                .forEach((group, positions) ->
                        positions.forEach((partition, position) -> of(group, partition, position, now, sink)));
    }

    private void of(String group, TopicPartition partition, Groups.Position position, Shown now, MetricSink sink) {
        String[] labels = {
            "group", group, "topic", partition.topic(), "partition", Integer.toString(partition.partition())
        };
        PartitionStatus status = partitions.apply(partition);
        if (status == null) {
            return; // deleted, and its offsets not yet
        }
        sink.gauge(
                "sluice_group_lag_records",
                "How many offsets a group is behind the high watermark, or as a share group counts it.",
                position.lag() >= 0L ? position.lag() : Math.max(0L, status.highWatermark() - position.offset()),
                labels);
        if (now.topic(partition.topic())) {
            sink.gauge(
                    "sluice_group_offset",
                    "The offset that a group has committed, or where a share group begins.",
                    position.offset(),
                    labels);
        }
    }
}
