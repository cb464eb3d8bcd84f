package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.itests.History.End;
import io.sluice.itests.History.Read;
import io.sluice.itests.History.Value;
import io.sluice.itests.History.Write;
import io.sluice.itests.HistoryChecker.Anomaly;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Histories of many clients' transactions with kills and updates of the coordinators in between: nothing in them that exactly-once rules out.
 * {@code -Dproof.histories=100 -Dproof.seed=1}
 */
class HistoryProofIT {
    @TempDir
    Path folder;

    @Test
    void shouldFindNothingWrongInAnyHistory() throws Exception {
        int histories = Proof.count("histories", 3);
        long seed = Long.getLong("proof.seed", 1L);
        Map<Anomaly, Integer> found = new EnumMap<>(Anomaly.class);
        long committed = 0;
        long aborted = 0;
        long unknown = 0;
        long reads = 0;
        int kills = 0;
        int updates = 0;
        try (BrokerProcess broker = BrokerProcess.start(
                folder.resolve("data"), Proof.sabotage(), List.of(), "group.initial.rebalance.delay.ms=100")) {
            for (int i = 0; i < histories; i++) {
                HistoryRun run = new HistoryRun(broker, folder, seed + i);
                History history = run.run();
                long of = seed + i;
                HistoryChecker.check(history).forEach((anomaly, what) -> {
                    found.merge(anomaly, what.size(), Integer::sum);
                    System.out.println("seed " + of + ": " + anomaly + " " + what.subList(0, Math.min(5, what.size())));
                });
                committed += history.count(End.COMMITTED);
                aborted += history.count(End.ABORTED);
                unknown += history.count(End.UNKNOWN);
                reads += history.reads().size();
                kills += run.kills();
                updates += run.updates();
            }
        }
        Proof.named("histories")
                .with("runs", histories)
                .with("seed", seed)
                .with("kills", kills)
                .with("updates", updates)
                .with("committed", committed)
                .with("aborted", aborted)
                .with("unknown", unknown)
                .with("reads", reads)
                .with("anomalies", found.toString().replace(" ", ""))
                .print();
        assertThat(found).isEmpty();
    }

    @Test
    void shouldFindThatMarkersSayTheOpposite() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(
                folder.resolve("data"), "flip-marker", List.of(), "group.initial.rebalance.delay.ms=100")) {
            Map<Anomaly, List<String>> found = HistoryChecker.check(new HistoryRun(broker, folder, 1L).run());
            Proof.named("sabotage")
                    .with("kind", "flip-marker")
                    .with("of", "histories")
                    .with("anomalies", found.keySet().toString().replace(" ", ""))
                    .print();
            assertThat(found).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindWhatIsPlanted(Anomaly planted) {
        History history = sound();
        assertThat(HistoryChecker.check(history)).isEmpty();
        plant(history, planted);
        assertThat(HistoryChecker.check(history)).containsKey(planted);
    }

    /** Transactions 1 and 2 are committed, 3 is aborted; each moves 5 from partition 0 to 1, the first two for an order. */
    private static History sound() {
        History history = new History();
        history.ordered(2);
        long[] next = {0L, 0L};
        for (int i = 0; i < 3; i++) {
            long transaction = history.begin();
            boolean commits = i < 2;
            for (int partition = 0; partition < 2; partition++) {
                Value value = new Value(transaction, partition, partition == 0 ? -5 : 5, commits ? i : -1);
                long offset = next[partition];
                next[partition] += 2;
                history.wrote(new Write(partition, -1, value));
                history.wrote(new Write(partition, offset, value));
                history.read(new Read("uncommitted", false, partition, offset, value));
                if (commits) {
                    history.read(new Read("committed", true, partition, offset, value));
                    history.logged(partition, offset, value);
                }
            }
            history.end(transaction, commits ? End.COMMITTED : End.ABORTED);
        }
        return history;
    }

    private static void plant(History history, Anomaly anomaly) {
        Value first = history.log().get(0).get(0L);
        Value second = history.log().get(0).get(2L);
        switch (anomaly) {
            case INCONSISTENT_OFFSETS -> history.wrote(new Write(0, 0, second));
            case DUPLICATE -> history.logged(0, 8, first);
            case LOST_WRITE -> history.log().get(0).remove(2L);
            case ABORTED_READ -> history.read(new Read("committed", true, 0, 4, new Value(3, 0, -5, -1)));
            case NON_MONOTONIC_POLL -> history.read(new Read("committed", true, 0, 0, first));
            case SKIPPED_OFFSET -> history.read(new Read("another", true, 0, 2, second));
            case UNBALANCED -> history.logged(0, 8, new Value(9, 0, 7, -1));
            case LOST_ORDER -> history.ordered(3);
        }
    }
}
