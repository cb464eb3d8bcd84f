package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A topic goes from engine to engine, and comes back now and then, while it is written and read, and the broker is killed at random
 * moments meanwhile: every acknowledged record is there, in order, once, under its offset and with its timestamp.
 */
class MigrationProofIT {
    private static final int PARTITIONS = 3;
    private static final long AIM_STALL_MS = 100L;

    @TempDir
    Path folder;

    private final Map<String, Integer> killedIn = new TreeMap<>();
    private int kills;
    private int returns;
    private long acknowledged;
    private long read;
    private long lost;
    private long duplicated;
    private long reordered;
    private long changed;
    private long errors;

    /** {@code -Dproof.migrations=100 -Dproof.seed=7}; six are all the ways between three engines. */
    @Test
    void shouldMoveATopicUnderLoadAndLoseNothing() throws Exception {
        int runs = Proof.count("migrations", 3);
        long seed = Long.getLong("proof.seed", 7L);
        Random random = new Random(seed);
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            for (int done = 0; done < runs; done += MigrationRun.MOVES) {
                circuit(broker, "moving-" + done, Math.min(MigrationRun.MOVES, runs - done), random);
            }
            double[] stalls = MigrationRun.stallsMs(broker);
            Proof.named("migration")
                    .with("runs", runs)
                    .with("there_and_back", returns)
                    .with("kills", kills)
                    .with("killed_in", killedIn.toString().replace(" ", ""))
                    .with("seed", seed)
                    .with("acknowledged", acknowledged)
                    .with("read", read)
                    .with("lost", lost)
                    .with("duplicated", duplicated)
                    .with("reordered", reordered)
                    .with("changed", changed)
                    .with("errors", errors)
                    .with("cut_overs", stalls.length)
                    .with("median_stall_ms", stalls[stalls.length / 2])
                    .with("longest_stall_ms", stalls[stalls.length - 1])
                    .with("aim_ms", AIM_STALL_MS)
                    .print();
            assertThat(lost + duplicated + reordered + changed + errors).isZero();
        }
    }

    /** Some moves of a topic of their own, so that many moves are not of ever more records. */
    private void circuit(BrokerProcess broker, String topic, int moves, Random random) throws Exception {
        Clients.createTopic(broker.bootstrap(), topic, PARTITIONS, Map.of());
        Load load = new Load(broker.bootstrap(), topic, PARTITIONS, "delivery.timeout.ms", 120_000).begin();
        MigrationRun run = new MigrationRun(broker, topic, random);
        List<RecordPrint> prints = new ArrayList<>();
        try (Follower follower = new Follower(broker.bootstrap(), topic, "readers-of-" + topic)) {
            for (int i = 0; i < moves; i++) {
                awaitMore(load);
                prints.add(RecordPrint.of(broker.bootstrap(), topic, PARTITIONS));
                run.next();
            }
            awaitMore(load);
            load.end();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> follower.read() >= load.total()
                            || !follower.errors().isEmpty());
            assertThat(follower.errors()).isEmpty();
        }
        assertThat(load.errors()).isEmpty();
        Audit audit = Audit.of(broker.bootstrap(), load);
        RecordPrint now = RecordPrint.of(broker.bootstrap(), topic, PARTITIONS);
        for (RecordPrint print : prints) {
            changed += print.changedIn(now);
        }
        kills += run.kills();
        returns += run.returns();
        run.killedIn().forEach((phase, count) -> killedIn.merge(phase, count, Integer::sum));
        acknowledged += load.total();
        read += audit.read();
        lost += audit.lost();
        duplicated += audit.duplicated();
        reordered += audit.reordered();
        try (Admin admin = Clients.admin(broker.bootstrap())) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    private static void awaitMore(Load load) {
        long target = load.total() + 1_000L;
        await().atMost(Duration.ofSeconds(60))
                .until(() -> load.total() >= target || !load.errors().isEmpty());
    }

    @Test
    void shouldFindWhatAMigrationLeftOutThatWasNotCompared() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startSabotaged("blind-copy", folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), "moving", PARTITIONS, Map.of());
            Load load = new Load(broker.bootstrap(), "moving", PARTITIONS).begin();
            await().atMost(Duration.ofSeconds(60)).until(() -> load.total() >= 3_000L);
            broker.must("engine:migrate", "moving", "mapdb");
            await().atMost(Duration.ofSeconds(60)).until(() -> MigrationRun.stallsMs(broker).length == PARTITIONS);
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
