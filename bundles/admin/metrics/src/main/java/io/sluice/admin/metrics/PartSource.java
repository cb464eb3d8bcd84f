package io.sluice.admin.metrics;

import io.sluice.broker.api.EngineMigrations;
import io.sluice.broker.api.MigrationStatus;
import io.sluice.broker.api.metrics.BrokerMetrics;
import io.sluice.broker.api.metrics.MetricSink;
import io.sluice.broker.api.metrics.MetricSource;
import io.sluice.broker.api.metrics.PartSwaps;
import java.util.Map;
import java.util.TreeMap;

/** The replaceable parts and what their replacing cost; topics that move to another engine; the fsyncs that producers wait for. */
final class PartSource implements MetricSource {
    private final BrokerMetrics metrics;
    private final EngineMigrations migrations;

    PartSource(BrokerMetrics metrics, EngineMigrations migrations) {
        this.metrics = metrics;
        this.migrations = migrations;
    }

    @Override
    public void collect(MetricSink sink) {
        for (PartSwaps part : metrics.parts()) {
            of(part, sink);
        }
        Map<String, Integer> phases = new TreeMap<>();
        for (MigrationStatus status : migrations.statuses()) {
            phases.merge(status.phase(), 1, Integer::sum);
            of(status, sink);
        }
        phases.forEach((phase, count) -> sink.gauge(
                "sluice_migrations", "Partitions that move to another engine, by phase.", count, "phase", phase));
        sink.latency(
                "sluice_sync_duration_seconds",
                "The fsyncs that producers waited for (durability=group).",
                metrics.syncs());
        sink.counter("sluice_syncs_failed_total", "Those of them that failed.", metrics.failedSyncs());
    }

    private static void of(PartSwaps part, MetricSink sink) {
        String[] labels = {"kind", part.kind(), "name", part.name()};
        sink.gauge("sluice_part_open", "1 while a bundle holds the part.", part.open() ? 1 : 0, labels);
        sink.counter(
                "sluice_part_swaps_total",
                "How often a part was open again after its holder had left.",
                part.swaps(),
                labels);
        if (part.swaps() > 0L) {
            sink.counter(
                    "sluice_part_stall_seconds_total",
                    "How long a part could not be used while it was replaced, all times together.",
                    part.stallNanos() / 1e9,
                    labels);
            sink.gauge(
                    "sluice_part_stall_last_seconds",
                    "How long a part could not be used the last time.",
                    part.lastStallNanos() / 1e9,
                    labels);
            sink.gauge(
                    "sluice_part_stall_longest_seconds",
                    "How long a part could not be used at worst.",
                    part.longestStallNanos() / 1e9,
                    labels);
        }
    }

    private static void of(MigrationStatus status, MetricSink sink) {
        String[] labels = {
            "topic",
            status.partition().topic(),
            "partition",
            Integer.toString(status.partition().partition())
        };
        sink.counter(
                "sluice_migration_copied_bytes_total", "Bytes copied to another engine.", status.copiedBytes(), labels);
        sink.counter(
                "sluice_migration_cut_overs_total",
                "How often another engine took a partition over.",
                status.cutOvers(),
                labels);
        sink.gauge(
                "sluice_migration_stall_longest_seconds",
                "How long a take-over let nobody write at worst.",
                status.longestStallMs() / 1e3,
                labels);
    }
}
