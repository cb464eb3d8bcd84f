package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.replication.local.LocalReplicationFactory;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.kit.Batches;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When background work comes round, and to which partitions. What was written here is older than it may become. */
class HousekeepingTest {
    private static final long RETENTION_MS = 300_000L;

    private final Map<String, Long> keys = new HashMap<>(Map.of(
            "log.retention.check.interval.ms",
            RETENTION_MS,
            "log.cleaner.backoff.ms",
            15_000L,
            "log.cleaner.threads",
            2L));
    private KernelFixture kernel;
    private Partition deleting;
    private Partition compacting;

    @BeforeEach
    void begin(@TempDir Path data) {
        kernel = KernelFixture.whole(data, new LocalReplicationFactory());
        deleting = kernel.lead("deleting");
        deleting.reconfigure(LogConfig.from(Map.of("retention.ms", "1000")));
        compacting = kernel.add(new TopicIdPartition(new Uuid(9L, 9L), new TopicPartition("compacting", 0)), true);
        compacting.reconfigure(LogConfig.from(Map.of("cleanup.policy", "compact,delete", "retention.ms", "1000")));
        fill();
    }

    private void fill() {
        kernel.append(deleting, -1, "a");
        kernel.append(compacting, -1, Batches.keyed(1_000L, "k", "v"));
    }

    private Housekeeping begin() {
        return new Housekeeping(kernel.table, kernel.clock, keys::get);
    }

    private static long start(Partition partition) {
        return partition.status().logStartOffset();
    }

    @Test
    void shouldApplyRetentionOnceInEachInterval() {
        begin();
        kernel.clock.pass(RETENTION_MS - 1L);
        assertThat(start(deleting)).isZero();

        kernel.clock.pass(1L);
        assertThat(start(deleting)).isEqualTo(1L);

        fill();
        kernel.clock.pass(RETENTION_MS);
        assertThat(start(deleting)).isEqualTo(2L);
    }

    @Test
    void shouldComeMoreOftenToWhatIsCompactedAndAsOftenAsIsConfiguredNow() {
        begin();
        kernel.clock.pass(15_000L);
        assertThat(start(compacting)).isEqualTo(1L);
        assertThat(start(deleting)).isZero();

        keys.put("log.cleaner.backoff.ms", 1_000L);
        kernel.clock.pass(15_000L);
        fill();
        kernel.clock.pass(1_000L);

        assertThat(start(compacting)).isEqualTo(2L);
    }

    @Test
    void shouldGoOnWithTheOthersWhenOnePartitionHasNoLog() {
        kernel.add(new TopicIdPartition(new Uuid(9L, 8L), new TopicPartition("elsewhere", 0)), true)
                .detachLog();
        begin();

        kernel.clock.pass(RETENTION_MS);

        assertThat(start(deleting)).isEqualTo(1L);
        assertThat(start(compacting)).isEqualTo(1L);
    }

    @Test
    void shouldStopWithTheBroker() {
        Housekeeping housekeeping = begin();
        kernel.clock.pass(20_000L);

        housekeeping.close();
        kernel.clock.pass(10 * RETENTION_MS);

        assertThat(start(deleting)).isZero();
        assertThat(kernel.clock.timers()).isZero();
    }
}
