package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apache Kafka's own DumpLogSegments reads every file that the segment engine writes, without a complaint. */
class DumpLogProofIT {
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
                || name.endsWith(".snapshot");
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
