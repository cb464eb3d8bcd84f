package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long from the first start to the first acknowledged record, and what a broker weighs that does nothing. */
class StartProofIT {
    @TempDir
    Path folder;

    @Test
    void shouldAcknowledgeARecordSoonAfterTheFirstStart() throws Exception {
        long begun = System.nanoTime();
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            long readyMs = ms(begun);
            Clients.createTopic(broker.bootstrap(), "first", 1, Map.of());
            try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker.bootstrap())) {
                producer.send(new ProducerRecord<>("first", new byte[10])).get(30, TimeUnit.SECONDS);
            }
            long acknowledgedMs = ms(begun);
            long listed = System.nanoTime();
            String topics = broker.must("topic:list");
            long listMs = ms(listed);
            long rss = broker.residentKb() / 1024;
            assertThat(broker.terminate()).isZero();
            long again = System.nanoTime();
            broker.start();
            long warmMs = ms(again);
            Proof.named("start")
                    .with("first_ready_ms", readyMs)
                    .with("first_acknowledged_ms", acknowledgedMs)
                    .with("second_ready_ms", warmMs)
                    .with("topic_list_ms", listMs)
                    .with("rss_mb", rss)
                    .print();
            assertThat(topics).contains("first");
        }
    }

    @Test
    void shouldRefuseToStartWithOneClearSentence() throws Exception {
        Path data = folder.resolve("data");
        try (BrokerProcess broker = BrokerProcess.start(data)) {
            BrokerProcess.Result second = run("--data", data.toString(), "--port", "0");
            BrokerProcess.Result taken =
                    run("--data", folder.resolve("other").toString(), "--port", Integer.toString(broker.port()));
            Path foreign = java.nio.file.Files.createDirectories(folder.resolve("foreign"));
            java.nio.file.Files.writeString(foreign.resolve("holiday.jpg"), "not ours");
            BrokerProcess.Result strange = run("--data", foreign.toString(), "--port", "0");
            BrokerProcess.Result unknown =
                    run("--data", folder.resolve("third").toString(), "--port", "0", "--set", "log.retention.mss=5");
            for (BrokerProcess.Result refused : List.of(second, taken, strange, unknown)) {
                assertThat(refused.exitCode()).as(refused.toString()).isNotZero();
                assertThat((refused.out() + refused.err()).strip().split("\n"))
                        .as(refused.toString())
                        .hasSize(1);
            }
            assertThat(unknown.out() + unknown.err())
                    .contains("log.retention.mss")
                    .contains("log.retention.ms");
            assertThat(taken.out() + taken.err()).contains(Integer.toString(broker.port()));
            Proof.named("refusals").with("cases", 4).with("clear", 4).print();
        }
    }

    private static BrokerProcess.Result run(String... options) throws Exception {
        java.util.List<String> command = new java.util.ArrayList<>(
                List.of(BrokerProcess.home().resolve("bin/sluice").toString(), "run"));
        command.addAll(List.of(options));
        return BrokerProcess.run(command);
    }

    private static long ms(long since) {
        return (System.nanoTime() - since) / 1_000_000L;
    }
}
