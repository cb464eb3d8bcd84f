package io.sluice.admin.metrics;

import io.sluice.broker.api.PartitionStanding;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.metrics.MetricSink;
import io.sluice.broker.api.metrics.MetricSource;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** The partitions of this broker: how many stand how, and the offsets and sizes of the logs that are shown. */
final class PartitionSource implements MetricSource {
    private static final Comparator<PartitionStatus> BY_NAME = Comparator.comparing(
                    (PartitionStatus status) -> status.partition().topic())
            .thenComparingInt(status -> status.partition().partition());

    private final Partitions partitions;
    private final MetadataSource metadata;
    private final Supplier<Shown> shown;
    private final IntSupplier most;

    /** @param most how many partitions have samples of their own */
    PartitionSource(Partitions partitions, MetadataSource metadata, Supplier<Shown> shown, IntSupplier most) {
        this.partitions = partitions;
        this.metadata = metadata;
        this.shown = shown;
        this.most = most;
    }

    @Override
    public void collect(MetricSink sink) {
        List<PartitionStatus> statuses = partitions.statuses();
        Map<PartitionStanding, Integer> standings = new EnumMap<>(PartitionStanding.class);
        for (PartitionStanding standing : PartitionStanding.values()) {
            standings.put(standing, 0);
        }
        for (PartitionStatus status : statuses) {
            standings.merge(status.standing(), 1, Integer::sum);
            sink.gauge(
                    "sluice_topic_size_bytes",
                    "Bytes of the logs of a topic on this broker.",
                    status.sizeInBytes(),
                    "topic",
                    status.partition().topic());
        }
        standings.forEach((standing, count) -> sink.gauge(
                "sluice_partitions",
                "Partitions of this broker, by how they stand.",
                count,
                "state",
                standing.label()));
        ofTheMetadata(metadata.image(), sink);
        Shown now = shown.get();
        List<PartitionStatus> own = statuses.stream()
                .filter(status -> now.topic(status.partition().topic()))
                .sorted(BY_NAME)
                .limit(most.getAsInt())
                .toList();
        own.forEach(status -> ofOne(status, sink));
        sink.gauge(
                MetricsText.LEFT_OUT,
                MetricsText.LEFT_OUT_HELP,
                statuses.size() - (double) own.size(),
                "what",
                "partitions");
    }

    private static void ofTheMetadata(MetadataImage image, MetricSink sink) {
        int topics = 0;
        int leaderless = 0;
        int underReplicated = 0;
        for (TopicImage topic : image.topics()) {
            topics++;
            for (PartitionImage partition : topic.partitions()) {
                if (partition.leader() < 0) {
                    leaderless++;
                } else if (partition.inSyncReplicas().size()
                        < partition.replicas().size()) {
                    underReplicated++;
                }
            }
        }
        sink.gauge("sluice_topics", "Topics of the cluster.", topics);
        sink.gauge("sluice_partitions_leaderless", "Partitions of the cluster without a leader.", leaderless);
        sink.gauge(
                "sluice_partitions_under_replicated",
                "Partitions of the cluster of which not all replicas are in sync.",
                underReplicated);
    }

    private static void ofOne(PartitionStatus status, MetricSink sink) {
        String[] labels = {
            "topic",
            status.partition().topic(),
            "partition",
            Integer.toString(status.partition().partition())
        };
        sink.gauge("sluice_log_size_bytes", "Bytes of a partition's log.", status.sizeInBytes(), labels);
        sink.gauge("sluice_log_start_offset", "The first offset of a partition.", status.logStartOffset(), labels);
        sink.gauge("sluice_log_end_offset", "The offset that the next record gets.", status.logEndOffset(), labels);
        sink.gauge("sluice_high_watermark", "Up to where a partition is committed.", status.highWatermark(), labels);
    }
}
