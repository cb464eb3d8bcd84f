package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A topic with {@code durability=group} keeps every acknowledged record when the machine goes down: the broker is killed, what no fsync
 * had covered is cut off its files, and it is started as after a new boot.
 */
class DurabilityProofIT {
    private static final String TOPIC = "durable";
    private static final int PARTITIONS = 3;
    private static final int BATCH_HEADER_BYTES = 61;
    private static final int LENGTH_AT = 8;
    private static final int LENGTH_BYTES_END = 12;

    @TempDir
    Path folder;

    private record Outcome(Audit audit, long acknowledged, long droppedBytes, int errors) {}

    @Test
    void shouldKeepEveryAcknowledgedRecordWhenTheMachineGoesDown() throws Exception {
        int crashes = Proof.count("crashes", 3);
        Outcome outcome = crash("", crashes);
        Proof.named("durability")
                .with("crashes", crashes)
                .with("acknowledged", outcome.acknowledged())
                .with("dropped_bytes", outcome.droppedBytes())
                .with("read", outcome.audit().read())
                .with("lost", outcome.audit().lost())
                .with("duplicated", outcome.audit().duplicated())
                .with("reordered", outcome.audit().reordered())
                .print();
        assertThat(outcome.errors()).isZero();
        assertThat(outcome.audit().isClean()).as(outcome.audit().toString()).isTrue();
    }

    @Test
    void shouldFindWhatIsLostWhenAcknowledgedBeforeTheSync() throws Exception {
        Outcome outcome = crash("ack-before-sync", 1);
        Proof.named("sabotage")
                .with("kind", "ack-before-sync")
                .with("acknowledged", outcome.acknowledged())
                .with("read", outcome.audit().read())
                .with("lost", outcome.audit().lost())
                .print();
        assertThat(outcome.audit().lost() + outcome.errors())
                .as("what a broker lost that does not wait for its syncs")
                .isPositive();
    }

    private Outcome crash(String sabotage, int crashes) throws Exception {
        Path trace = folder.resolve("syncs");
        Path data = folder.resolve("data");
        long dropped = 0;
        try (BrokerProcess broker = BrokerProcess.start(data, sabotage, List.of("-Dsluice.sync.trace=" + trace))) {
            Clients.createTopic(broker.bootstrap(), TOPIC, PARTITIONS, Map.of("durability", "group"));
            Load load = new Load(broker.bootstrap(), TOPIC, PARTITIONS, "delivery.timeout.ms", 120_000).begin();
            for (int crash = 0; crash < crashes; crash++) {
                long target = load.total() + 3_000L;
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> load.total() >= target || !load.errors().isEmpty());
                broker.kill();
                dropped += dropUnsynced(data, trace);
                broker.start();
            }
            long target = load.total() + 1_000L;
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> load.total() >= target || !load.errors().isEmpty());
            load.end();
            return new Outcome(
                    Audit.of(broker.bootstrap(), load),
                    load.total(),
                    dropped,
                    load.errors().size());
        }
    }

    /** Cuts every log at the offset up to which it was synced, and takes away the sign that the machine is still up. */
    private static long dropUnsynced(Path data, Path trace) throws IOException {
        Map<String, Long> synced = new HashMap<>();
        if (Files.exists(trace)) {
            for (String line : Files.readAllLines(trace)) {
                int space = line.lastIndexOf(' ');
                synced.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
            }
        }
        long dropped = 0;
        Path logs = data.resolve("logs");
        for (int i = 0; i < PARTITIONS; i++) {
            String name = TOPIC + "-" + i;
            Path log = logs.resolve(name).resolve("00000000000000000000.log");
            dropped += cut(log, synced.getOrDefault(name, 0L));
        }
        assertThat(Files.deleteIfExists(logs.resolve("sluice-boot-id"))).isTrue();
        return dropped;
    }

    private static long cut(Path log, long offset) throws IOException {
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer header = ByteBuffer.allocate(BATCH_HEADER_BYTES);
            long size = file.size();
            long at = 0;
            while (at + BATCH_HEADER_BYTES <= size) {
                header.clear();
                file.read(header, at);
                if (header.getLong(0) >= offset) {
                    break;
                }
                at += LENGTH_BYTES_END + header.getInt(LENGTH_AT);
            }
            file.truncate(Math.min(at, size));
            return Math.max(0L, size - at);
        }
    }
}
