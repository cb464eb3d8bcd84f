package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A topic goes to other engines and comes back while it is written and read, and the broker is killed at random moments meanwhile:
 * every acknowledged record is there, in order, once, under its offset and with its timestamp.
 */
class MigrationProofIT {
    private static final int PARTITIONS = 3;
    private static final long AIM_STALL_MS = 100L;

    @TempDir
    Path folder;

    @Test
    void shouldMoveATopicUnderLoadAndLoseNothing() throws Exception {
        int runs = Proof.count("migrations", 3);
        long seed = Long.getLong("proof.seed", 7L);
        Random random = new Random(seed);
        int kills = 0;
        double longestStallMs = 0.0;
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), "moving", PARTITIONS, Map.of());
            Load load = new Load(broker.bootstrap(), "moving", PARTITIONS, "delivery.timeout.ms", 120_000).begin();
            MigrationRun run = new MigrationRun(broker, "moving");
            List<RecordPrint> prints = new ArrayList<>();
            try (Follower follower = new Follower(broker.bootstrap(), "moving", "readers")) {
                for (int i = 0; i < runs; i++) {
                    long target = load.total() + 1_000L;
                    await().atMost(Duration.ofSeconds(60)).until(() -> load.total() >= target);
                    prints.add(RecordPrint.of(broker.bootstrap(), "moving", PARTITIONS));
                    String to = run.target(random);
                    kills += run.thereAndBack(to, random);
                    longestStallMs = Math.max(longestStallMs, run.takeLongestStallMs());
                }
                long target = load.total() + 1_000L;
                await().atMost(Duration.ofSeconds(60)).until(() -> load.total() >= target);
                load.end();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> follower.read() >= load.total()
                                || !follower.errors().isEmpty());
                assertThat(follower.errors()).isEmpty();
            }
            Audit audit = Audit.of(broker.bootstrap(), load);
            long changed = 0;
            RecordPrint now = RecordPrint.of(broker.bootstrap(), "moving", PARTITIONS);
            for (RecordPrint print : prints) {
                changed += print.changedIn(now);
            }
            Proof.named("migration")
                    .with("runs", runs)
                    .with("kills", kills)
                    .with("seed", seed)
                    .with("engines", run.engines())
                    .with("acknowledged", load.total())
                    .with("read", audit.read())
                    .with("lost", audit.lost())
                    .with("duplicated", audit.duplicated())
                    .with("reordered", audit.reordered())
                    .with("changed", changed)
                    .with("errors", load.errors().size())
                    .with("longest_stall_ms", longestStallMs)
                    .with("aim_ms", AIM_STALL_MS)
                    .print();
            assertThat(load.errors()).isEmpty();
            assertThat(audit.isClean()).as(audit.toString()).isTrue();
            assertThat(changed).isZero();
        }
    }

    @Test
    void shouldFindWhatAMigrationLeftOutThatWasNotCompared() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startSabotaged("blind-copy", folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), "moving", PARTITIONS, Map.of());
            Load load = new Load(broker.bootstrap(), "moving", PARTITIONS).begin();
            await().atMost(Duration.ofSeconds(60)).until(() -> load.total() >= 3_000L);
            MigrationRun run = new MigrationRun(broker, "moving");
            run.move(run.target(new Random(7L)));
            load.end();
            Audit audit = Audit.of(broker.bootstrap(), load);
            Proof.named("sabotage")
                    .with("kind", "blind-copy")
                    .with("acknowledged", load.total())
                    .with("read", audit.read())
                    .with("lost", audit.lost())
                    .print();
            assertThat(audit.isClean()).as("the audit of a sabotaged broker").isFalse();
        }
    }
}
