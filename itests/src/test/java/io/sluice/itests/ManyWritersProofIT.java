package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More files are busy at once than there is staging memory for, on all I/O threads: their writers take it from each other. */
final class ManyWritersProofIT {
    private static final int WRITERS = 8;
    private static final int PARTITIONS = 6;
    private static final int VALUE_BYTES = 8_000;
    private static final long BYTES_EACH = 40_000_000L;

    @TempDir
    Path folder;

    @Test
    void shouldServeManyBusyWritersAtOnce() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            List<Load> loads = new ArrayList<>();
            try {
                for (int i = 0; i < WRITERS; i++) {
                    String topic = "writers-" + i;
                    Clients.createTopic(broker.bootstrap(), topic, PARTITIONS, Map.of());
                    loads.add(new Load(broker.bootstrap(), topic, PARTITIONS).withValuesOf(VALUE_BYTES));
                }
                loads.forEach(load -> load.every(Duration.ofNanos(1)).begin());
                await().atMost(Duration.ofSeconds(90))
                        .until(() -> loads.stream().allMatch(ManyWritersProofIT::isDone));
            } finally {
                for (Load load : loads) {
                    load.close();
                }
            }
            report(broker, loads);
        }
    }

    private static boolean isDone(Load load) {
        return load.total() * VALUE_BYTES >= BYTES_EACH || !load.errors().isEmpty();
    }

    private static void report(BrokerProcess broker, List<Load> loads) throws Exception {
        long acknowledged = 0L;
        long lost = 0L;
        long wrong = 0L;
        List<String> errors = new ArrayList<>();
        for (Load load : loads) {
            Audit audit = Audit.of(broker.bootstrap(), load);
            acknowledged += load.total();
            lost += audit.lost();
            wrong += audit.duplicated() + audit.reordered();
            errors.addAll(load.errors());
        }
        Proof.named("writers")
                .with("writers", WRITERS)
                .with("partitions", WRITERS * PARTITIONS)
                .with("mb", acknowledged * VALUE_BYTES / 1_000_000L)
                .with("lost", lost)
                .with("out_of_place", wrong)
                .with("errors", errors.size())
                .print();
        assertThat(errors).isEmpty();
        assertThat(lost).isZero();
        assertThat(wrong).isZero();
    }
}
