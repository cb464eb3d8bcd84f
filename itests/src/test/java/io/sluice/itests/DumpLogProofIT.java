package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apache Kafka's own DumpLogSegments reads every file that the segment engine writes, without a complaint. */
class DumpLogProofIT {
    private static final Pattern ABORTED =
            Pattern.compile("producerId: \\d+ firstOffset: (\\d+) lastOffset: (\\d+) lastStableOffset: \\d+");

    @TempDir
    Path folder;

    @Test
    void shouldBeReadableByKafkasDumpLogSegments() throws Exception {
        int files = 0;
        int complaints = 0;
        Path logs;
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), "dumped", 2, Map.of("segment.bytes", "1048576"));
            for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
                produce(broker.bootstrap(), codec);
            }
            assertThat(broker.terminate()).isZero();
            logs = broker.data().resolve("logs");
        }
        StringBuilder said = new StringBuilder();
        try (var all = Files.walk(logs)) {
            for (Path file : all.filter(DumpLogProofIT::isReadable).sorted().toList()) {
                String dump = dump(file);
                files++;
                if (!isClean(dump)) {
                    complaints++;
                    said.append(file).append(":\n").append(dump, 0, Math.min(2_000, dump.length()));
                }
            }
        }
        Proof.named("dump-log-segments")
                .with("files", files)
                .with("complaints", complaints)
                .print();
        assertThat(said.toString()).isEmpty();
        assertThat(files).isGreaterThanOrEqualTo(8);
    }

    /** Of transactions that Apache Kafka wrote, and of those that nobody had decided, which an import aborts. */
    @Test
    void shouldShowKafkaTheAbortedTransactions() throws Exception {
        Path kafka = KafkaLogs.unpack("kafka-4.4.0", folder.resolve("kafka"));
        Path own;
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            broker.must("storage:import", kafka.resolve("txn-0").toString(), "--config", "retention.ms=-1");
            assertThat(broker.terminate()).isZero();
            own = broker.data().resolve("logs").resolve("txn-0");
        }
        Set<String> kafkas = abortedIn(kafka.resolve("txn-0"));
        Set<String> ours = abortedIn(own);
        Proof.named("dump-txnindex")
                .with("aborted_by_kafka", kafkas.size())
                .with("aborted", ours.size())
                .print();
        assertThat(kafkas).isNotEmpty();
        assertThat(ours).containsAll(kafkas).hasSizeGreaterThan(kafkas.size());
    }

    /** The offsets of the aborted transactions that DumpLogSegments finds in a partition's folder. */
    private static Set<String> abortedIn(Path partition) throws Exception {
        Set<String> aborted = new TreeSet<>();
        try (var all = Files.list(partition)) {
            for (Path file : all.filter(file -> file.toString().endsWith(".txnindex")
                            && file.toFile().length() > 0L)
                    .sorted()
                    .toList()) {
                String dump = dump(file);
                assertThat(isClean(dump)).as(dump).isTrue();
                Matcher entry = ABORTED.matcher(dump);
                while (entry.find()) {
                    aborted.add(entry.group(1) + " to " + entry.group(2));
                }
            }
        }
        return aborted;
    }

    private static void produce(String bootstrap, String codec) {
        try (KafkaProducer<byte[], byte[]> producer =
                Clients.producer(bootstrap, "compression.type", codec, "batch.size", 65_536)) {
            for (int i = 0; i < 4_000; i++) {
                byte[] key = ("key-" + i % 100).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>("dumped", i % 2, key, new byte[300]));
            }
            producer.flush();
        }
    }

    static boolean isReadable(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".log")
                || name.endsWith(".index")
                || name.endsWith(".timeindex")
                || name.endsWith(".snapshot")
                || name.endsWith(".txnindex");
    }

    static String dump(Path file) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("proof.tools")
                        + java.io.File.pathSeparator
                        + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.apache.kafka.tools.DumpLogSegments",
                "--deep-iteration",
                "--files",
                file.toString()));
        BrokerProcess.Result result = BrokerProcess.run(command);
        return result.out() + result.err() + (result.exitCode() == 0 ? "" : "exit " + result.exitCode());
    }

    /** The tool ends with 0 whatever it finds, so its words count. */
    static boolean isClean(String dump) {
        String text = dump.toLowerCase(java.util.Locale.ROOT);
        return text.contains("dumping")
                && !text.contains("isvalid: false")
                && !text.contains("mismatch")
                && !text.contains("exception")
                && !text.contains("corrupt")
                && !text.contains("invalid")
                && !text.contains("found ")
                && !text.contains("could not find")
                && !text.contains("exit ");
    }
}
