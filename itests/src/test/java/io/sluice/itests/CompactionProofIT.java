package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compaction beside a producer, while the engine's bundle is updated and once the broker is killed: the last value of each key is there
 * and the folder shrinks.
 */
class CompactionProofIT {
    private static final String ENGINE = "io.sluice.storage.segment";
    private static final int RECORDS_BETWEEN = 12_000;
    private static final long SHRUNK_BYTES = 3L * 1024 * 1024;

    @TempDir
    Path folder;

    @Test
    void shouldKeepTheLastValueOfEachKeyWhileTheEngineIsUpdated() throws Exception {
        int updates = Proof.count("compaction.updates", 4);
        Path original = PluginJar.inDistribution(ENGINE);
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"), CompactedTopic.settings());
                CompactedTopic topic = new CompactedTopic(broker)) {
            long largest = 0L;
            for (int round = 1; round <= updates; round++) {
                topic.write(RECORDS_BETWEEN);
                largest = Math.max(largest, topic.storedBytes());
                Path jar = PluginJar.withVersion(original, "0.1." + (2_000 + round), folder);
                broker.must("plugin:update", ENGINE, jar.toString(), "--yes");
                Files.delete(jar);
                topic.write(RECORDS_BETWEEN / 4);
            }
            broker.kill();
            broker.start();
            topic.write(RECORDS_BETWEEN);
            boolean shrunk = topic.shrinksTo(SHRUNK_BYTES);
            CompactedTopic.Found found = topic.read();
            long bytes = topic.storedBytes();
            topic.close();
            assertThat(broker.terminate()).isZero();
            int dumped = dumpedWithoutComplaint(broker.data().resolve("logs/compacted-0"));
            Proof.named("compaction")
                    .with("updates", updates)
                    .with("kills", 1)
                    .with("written", topic.written())
                    .with("read", found.records())
                    .with("wrong_keys", found.wrongKeys())
                    .with("disorder", found.disorder())
                    .with("bytes", bytes)
                    .with("bytes_most", largest)
                    .with("files_dumped", dumped)
                    .print();
            assertThat(found.wrongKeys()).as("keys without their last value").isZero();
            assertThat(found.disorder()).isZero();
            assertThat(shrunk).as("the folder shrinks").isTrue();
            assertThat(found.records()).isLessThan(topic.written());
        }
    }

    /** How many files of a compacted folder Kafka's own tool has read, none with a complaint. */
    private static int dumpedWithoutComplaint(Path folder) throws Exception {
        int files = 0;
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(DumpLogProofIT::isReadable).sorted().toList()) {
                String dump = DumpLogProofIT.dump(file);
                assertThat(DumpLogProofIT.isClean(dump))
                        .as("%s: %s", file, dump.substring(0, Math.min(2_000, dump.length())))
                        .isTrue();
                files++;
            }
        }
        assertThat(files).isGreaterThanOrEqualTo(3);
        return files;
    }

    @Test
    void shouldFindThatASabotagedCompactionLostKeys() throws Exception {
        try (BrokerProcess broker =
                        BrokerProcess.startSabotaged("forget-key", folder.resolve("data"), CompactedTopic.settings());
                CompactedTopic topic = new CompactedTopic(broker)) {
            topic.write(2 * RECORDS_BETWEEN);
            topic.shrinksTo(SHRUNK_BYTES);
            CompactedTopic.Found found = topic.read();
            Proof.named("sabotage")
                    .with("kind", "forget-key")
                    .with("written", topic.written())
                    .with("wrong_keys", found.wrongKeys())
                    .print();
            assertThat(found.wrongKeys()).isPositive();
        }
    }
}
