package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Does something to one part of a broker again and again while an idempotent producer writes and a consumer in a group reads
 * along, each time after at least a thousand records were acknowledged since the last; then counts what was lost.
 */
final class UnderLoad {
    private static final int RECORDS_BETWEEN = 1_000;
    private static final int PARTITIONS = 4;

    private final String proof;
    private final String bundle;
    private final String roundsName;
    private final int rounds;
    private Map<String, String> topicConfig = Map.of();

    /** @param roundsName what a round is called where the proof is printed */
    UnderLoad(String proof, String bundle, String roundsName, int rounds) {
        this.proof = proof;
        this.bundle = bundle;
        this.roundsName = roundsName;
        this.rounds = rounds;
    }

    /** How the topic is made that the load writes. */
    void withTopicConfig(Map<String, String> config) {
        topicConfig = config;
    }

    /** What is done to the part; when it returns, the part is there again or about to be. */
    @FunctionalInterface
    interface Disturbance {
        void disturb(BrokerProcess broker, int round) throws Exception;
    }

    void prove(Path data, Disturbance disturbance) throws Exception {
        List<Long> stalls = new ArrayList<>();
        int rebalances;
        try (BrokerProcess broker = BrokerProcess.start(data)) {
            Clients.createTopic(broker.bootstrap(), proof, PARTITIONS, topicConfig);
            try (Load load = new Load(broker.bootstrap(), proof, PARTITIONS).begin()) {
                try (Follower follower = new Follower(broker.bootstrap(), proof, "readers")) {
                    await().atMost(Duration.ofSeconds(30)).until(() -> follower.read() > 0);
                    for (int round = 1; round <= rounds; round++) {
                        awaitTotal(load, load.total() + RECORDS_BETWEEN);
                        load.takeLongestGapMs();
                        disturbance.disturb(broker, round);
                        awaitTotal(load, load.total() + 1);
                        stalls.add(load.takeLongestGapMs());
                    }
                    awaitTotal(load, load.total() + RECORDS_BETWEEN);
                    load.end();
                    await().atMost(Duration.ofSeconds(60))
                            .until(() -> follower.read() >= load.total()
                                    || !follower.errors().isEmpty());
                    assertThat(follower.errors())
                            .as(() -> "what was read along; the log: " + Audit.of(broker.bootstrap(), load)
                                    + ", and the producer: " + load.errors())
                            .isEmpty();
                    rebalances = follower.assignments() - 1;
                }
                report(broker, load, stalls, rebalances);
            }
        }
    }

    private void report(BrokerProcess broker, Load load, List<Long> stalls, int rebalances) throws Exception {
        long unreturned = broker.unreturnedUses();
        long oldLoaders = LoaderCensus.retained(broker, bundle);
        Audit audit = Audit.of(broker.bootstrap(), load);
        Collections.sort(stalls);
        Proof.named(proof)
                .with("part", bundle)
                .with(roundsName, rounds)
                .with("acknowledged", load.total())
                .with("read", audit.read())
                .with("lost", audit.lost())
                .with("duplicated", audit.duplicated())
                .with("reordered", audit.reordered())
                .with("errors", load.errors().size())
                .with("rebalances", rebalances)
                .with("stall_median_ms", stalls.get(stalls.size() / 2))
                .with("stall_max_ms", stalls.get(stalls.size() - 1))
                .with("unreturned", unreturned)
                .with("old_loaders", oldLoaders)
                .print();
        assertThat(load.errors()).isEmpty();
        assertThat(audit.isClean()).as(audit.toString()).isTrue();
        assertThat(unreturned)
                .as("uses of the part that had not ended when it was closed")
                .isZero();
        assertThat(oldLoaders)
                .as("class loaders of old versions that were not collected")
                .isLessThanOrEqualTo(1L);
    }

    private static void awaitTotal(Load load, long target) {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(30))
                .until(() -> load.total() >= target || !load.errors().isEmpty());
    }
}
