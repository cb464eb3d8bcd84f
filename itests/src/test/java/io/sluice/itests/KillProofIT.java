package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 in the middle of load: every acknowledged record is there, in order, once, and groups go on where they were. */
class KillProofIT {
    private static final int RECORDS_BETWEEN = 2_000;

    @TempDir
    Path folder;

    @Test
    void shouldKeepEveryAcknowledgedRecordWhenKilledUnderLoad() throws Exception {
        int kills = Proof.count("kills", 20);
        long slowestReadyMs = 0;
        long longestGapMs = 0;
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), "killed", 4, Map.of());
            Load load = new Load(broker.bootstrap(), "killed", 4, "delivery.timeout.ms", 120_000).begin();
            try (Follower follower = new Follower(broker.bootstrap(), "killed", "readers")) {
                for (int kill = 0; kill < kills; kill++) {
                    long target = load.total() + RECORDS_BETWEEN;
                    await().atMost(Duration.ofSeconds(60)).until(() -> load.total() >= target);
                    broker.kill();
                    long before = System.nanoTime();
                    broker.start();
                    slowestReadyMs = Math.max(slowestReadyMs, (System.nanoTime() - before) / 1_000_000L);
                    longestGapMs = Math.max(longestGapMs, load.takeLongestGapMs());
                }
                long target = load.total() + RECORDS_BETWEEN;
                await().atMost(Duration.ofSeconds(60)).until(() -> load.total() >= target);
                load.end();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> follower.read() >= load.total()
                                || !follower.errors().isEmpty());
                assertThat(follower.errors()).isEmpty();
            }
            Audit audit = Audit.of(broker.bootstrap(), load);
            Proof.named("kill")
                    .with("kills", kills)
                    .with("acknowledged", load.total())
                    .with("read", audit.read())
                    .with("lost", audit.lost())
                    .with("duplicated", audit.duplicated())
                    .with("reordered", audit.reordered())
                    .with("errors", load.errors().size())
                    .with("slowest_ready_ms", slowestReadyMs)
                    .with("longest_stall_ms", longestGapMs)
                    .print();
            assertThat(load.errors()).isEmpty();
            assertThat(audit.isClean()).as(audit.toString()).isTrue();
            assertThat(slowestReadyMs).isLessThan(TimeUnit.SECONDS.toMillis(30));
        }
    }
}
