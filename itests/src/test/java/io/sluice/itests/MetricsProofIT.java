package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What /metrics says is what the clients know and what lies on the disk: records, bytes, offsets, the lag of a group, a part that was replaced under load; and JMX says
 * the same under Kafka's names. With {@code -Dproof.sabotage=miscount} it must fail.
 */
class MetricsProofIT {
    private static final int PARTITIONS = 3;
    private static final String TOPIC = "measured";
    private static final String GROUP = "watchers";
    private static final String SEGMENT = "io.sluice.storage.segment";

    @TempDir
    Path folder;

    /**
     * What was counted and what is so.
     *
     * @param wrongOffsets partitions whose end, or whose lag, is not what the clients know
     */
    private record Seen(
            long records, long counted, long bytes, long countedBytes, int wrongOffsets, long swaps, long byJmx) {
        boolean isTrue() {
            return records == counted && bytes == countedBytes && wrongOffsets == 0 && swaps == 1L && byJmx == records;
        }
    }

    @Test
    void shouldSayWhatTheClientsKnow() throws Exception {
        Seen seen = run(Proof.sabotage());
        assertThat(seen.isTrue()).as(seen.toString()).isTrue();
    }

    @Test
    void shouldFindThatBatchesWereNotCounted() throws Exception {
        Seen seen = run("miscount");
        assertThat(seen.isTrue()).as("the audit of a sabotaged broker").isFalse();
        assertThat(seen.counted()).isLessThan(seen.records());
    }

    private Seen run(String sabotage) throws Exception {
        int jmxPort = BrokerProcess.freePort();
        List<String> agent = List.of(
                "-Dcom.sun.management.jmxremote.port=" + jmxPort,
                "-Dcom.sun.management.jmxremote.rmi.port=" + jmxPort,
                "-Dcom.sun.management.jmxremote.host=127.0.0.1",
                "-Djava.rmi.server.hostname=127.0.0.1",
                "-Dcom.sun.management.jmxremote.authenticate=false",
                "-Dcom.sun.management.jmxremote.ssl=false");
        try (BrokerProcess broker = BrokerProcess.start(
                folder.resolve("data"),
                sabotage,
                agent,
                "metrics.listener=127.0.0.1:0",
                "group.initial.rebalance.delay.ms=100")) {
            Clients.createTopic(broker.bootstrap(), TOPIC, PARTITIONS, Map.of());
            Load load = loaded(broker);
            Map<TopicPartition, Long> committed = new HashMap<>();
            Seen seen;
            long samples;
            try (KafkaConsumer<byte[], byte[]> member =
                    Clients.consumer(broker.bootstrap(), "group.id", GROUP, "max.poll.records", "200")) {
                consume(member, committed);
                Scrape scrape = Scrape.of(broker);
                samples = scrape.size();
                seen = new Seen(
                        load.total(),
                        scrape.count("sluice_topic_records_in_total{topic=\"" + TOPIC + "\"}"),
                        bytesOnDisk(broker),
                        scrape.count("sluice_topic_bytes_in_total{topic=\"" + TOPIC + "\"}"),
                        wrongOffsets(scrape, load, committed),
                        scrape.count("sluice_part_swaps_total{kind=\"engine\",name=\"segment\"}"),
                        byJmx(jmxPort, load.total()));
                if (sabotage.isEmpty()) {
                    others(scrape);
                }
            }
            if (sabotage.isEmpty()) {
                pages(broker);
                bounds(broker);
            }
            Proof proof = sabotage.isEmpty()
                    ? Proof.named("metrics")
                    : Proof.named("sabotage").with("kind", sabotage);
            proof.with("records", seen.records())
                    .with("counted", seen.counted())
                    .with("bytes", seen.bytes())
                    .with("counted_bytes", seen.countedBytes())
                    .with("wrong_offsets", seen.wrongOffsets())
                    .with("swaps", seen.swaps())
                    .with("by_jmx", seen.byJmx())
                    .with("samples", samples)
                    .print();
            return seen;
        }
    }

    /** Writes while the storage engine is replaced. */
    private Load loaded(BrokerProcess broker) throws Exception {
        int records = Proof.count("measured", 6_000);
        Load load = new Load(broker.bootstrap(), TOPIC, PARTITIONS).begin();
        await().atMost(Duration.ofSeconds(60)).until(() -> load.total() >= records / 2);
        Path next = PluginJar.withVersion(PluginJar.inDistribution(SEGMENT), "0.1.1", folder);
        broker.must("plugin:update", SEGMENT, next.toString(), "--yes");
        long before = load.total();
        await().atMost(Duration.ofSeconds(60)).until(() -> load.total() >= before + records / 2);
        load.end();
        assertThat(load.errors()).isEmpty();
        return load;
    }

    /** Reads a part, and commits where it is; the consumer stays in its group. */
    private static void consume(KafkaConsumer<byte[], byte[]> member, Map<TopicPartition, Long> committed) {
        member.subscribe(List.of(TOPIC));
        long[] read = new long[1];
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            read[0] += member.poll(Duration.ofMillis(200)).count();
            return read[0] >= 400L;
        });
        for (TopicPartition partition : member.assignment()) {
            committed.put(partition, member.position(partition));
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        committed.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        member.commitSync(offsets);
    }

    private static int wrongOffsets(Scrape scrape, Load load, Map<TopicPartition, Long> committed) {
        int wrong = 0;
        for (int i = 0; i < PARTITIONS; i++) {
            long end = load.highest(i) + 1L;
            String where = "topic=\"" + TOPIC + "\",partition=\"" + i + "\"}";
            long lag = end - committed.getOrDefault(new TopicPartition(TOPIC, i), end);
            boolean right = scrape.count("sluice_log_end_offset{" + where) == end
                    && scrape.count("sluice_high_watermark{" + where) == end
                    && scrape.count("sluice_group_lag_records{group=\"" + GROUP + "\"," + where) == lag;
            wrong += right ? 0 : 1;
        }
        return wrong;
    }

    private static long bytesOnDisk(BrokerProcess broker) throws IOException {
        long bytes = 0L;
        for (int i = 0; i < PARTITIONS; i++) {
            try (Stream<Path> files = Files.list(broker.data().resolve("logs").resolve(TOPIC + "-" + i))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".log")).toList()) {
                    bytes += Files.size(file);
                }
            }
        }
        return bytes;
    }

    /** Rates are made every few seconds, and the counts with them. */
    private static long byJmx(int port, long expected) throws Exception {
        JMXServiceURL url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi");
        ObjectName messages =
                new ObjectName("kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec,topic=" + TOPIC);
        try (JMXConnector connector = JMXConnectorFactory.connect(url)) {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            long[] last = new long[2];
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptionsInstanceOf(InstanceNotFoundException.class)
                    .until(() -> {
                        last[0] = last[1];
                        last[1] = (Long) server.getAttribute(messages, "Count");
                        return last[1] == expected
                                || (last[1] > 0L && last[1] < expected && last[0] == last[1] && isIdle(server));
                    });
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptionsInstanceOf(InstanceNotFoundException.class)
                    .untilAsserted(() -> others(server, messages));
            return last[1];
        }
    }

    private static void others(MBeanServerConnection server, ObjectName messages) throws Exception {
        assertThat((Double) server.getAttribute(messages, "OneMinuteRate")).isPositive();
        assertThat((Integer) server.getAttribute(
                        new ObjectName("kafka.controller:type=KafkaController,name=ActiveControllerCount"), "Value"))
                .isEqualTo(1);
        assertThat((Long) server.getAttribute(
                        new ObjectName("kafka.log:type=Log,name=LogEndOffset,topic=" + TOPIC + ",partition=0"),
                        "Value"))
                .isPositive();
        assertThat((Double) server.getAttribute(
                        new ObjectName("kafka.network:type=RequestMetrics,name=TotalTimeMs,request=Produce"),
                        "99thPercentile"))
                .isPositive();
        assertThat((Double) server.getAttribute(
                        new ObjectName("kafka.server:type=transaction-coordinator-metrics"), "partition-load-time-max"))
                .satisfiesAnyOf(none -> assertThat(none).isNaN(), time -> assertThat(time)
                        .isNotNegative());
        assertThat((Integer) server.getAttribute(
                        new ObjectName("kafka.controller:type=KafkaController,name=ActiveBrokerCount"), "Value"))
                .isEqualTo(1);
        assertThat((Integer) server.getAttribute(
                        new ObjectName("kafka.server:type=ReplicaManager,name=UnderMinIsrPartitionCount"), "Value"))
                .isZero();
        assertThat((Long) server.getAttribute(
                        new ObjectName("kafka.server:type=group-coordinator-metrics,protocol=classic"), "group-count"))
                .isEqualTo(1L);
        assertThat((Long) server.getAttribute(
                        new ObjectName("kafka.server:type=group-coordinator-metrics,state=Stable"),
                        "classic-group-count"))
                .isEqualTo(1L);
        assertThat((String) server.getAttribute(new ObjectName("kafka.server:type=app-info,id=1"), "version"))
                .startsWith("0.1.0");
    }

    /** Whether a refresh has come since the load ended, as the consumer's fetches, which go on, tell. */
    private static boolean isIdle(MBeanServerConnection server) throws Exception {
        ObjectName fetches =
                new ObjectName("kafka.server:type=BrokerTopicMetrics,name=TotalFetchRequestsPerSec,topic=" + TOPIC);
        return server.isRegistered(fetches) && (Long) server.getAttribute(fetches, "Count") > 0L;
    }

    private static void others(Scrape scrape) {
        assertThat(scrape.count("sluice_group_members{group=\"" + GROUP + "\"}"))
                .isEqualTo(1L);
        assertThat(scrape.has("sluice_group_state{group=\"" + GROUP + "\",type=\"Classic\",state=\"Stable\"}"))
                .isTrue();
        assertThat(scrape.value("sluice_part_stall_last_seconds{kind=\"engine\",name=\"segment\"}"))
                .isBetween(0.000_001, 5.0);
        assertThat(scrape.count("sluice_request_duration_seconds_count{api=\"Produce\"}"))
                .isPositive();
        assertThat(scrape.count("sluice_topic_bytes_out_total{topic=\"" + TOPIC + "\"}"))
                .isPositive();
        assertThat(scrape.count("sluice_connections{listener=\"PLAINTEXT\"}")).isPositive();
        assertThat(scrape.count("sluice_ready")).isEqualTo(1L);
        assertThat(scrape.count("sluice_metrics_sources_failed")).isZero();
        assertThat(scrape.count("process_cpu_seconds_total")).isPositive();
    }

    private static void pages(BrokerProcess broker) throws Exception {
        assertThat(Scrape.get(broker, "/ready").statusCode()).isEqualTo(200);
        assertThat(Scrape.get(broker, "/health").body()).startsWith("{\"status\":\"up\",\"problems\":[");
        assertThat(Scrape.get(broker, "/elsewhere").statusCode()).isEqualTo(404);
        broker.must("bundle:stop", "io.sluice.transport.mina");
        assertThat(Scrape.get(broker, "/ready").statusCode()).isEqualTo(503);
        broker.must("bundle:start", "io.sluice.transport.mina");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Scrape.get(broker, "/ready").statusCode() == 200);
    }

    /** All topics but one are added up, at once and for as long as that is wanted. */
    private static void bounds(BrokerProcess broker) throws Exception {
        try (Admin admin = Clients.admin(broker.bootstrap())) {
            ConfigResource all = new ConfigResource(ConfigResource.Type.BROKER, "");
            admin.incrementalAlterConfigs(Map.of(
                            all,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("metrics.topics", "1"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
        Scrape scrape = Scrape.of(broker);
        assertThat(scrape.has("sluice_topic_records_in_total{topic=\"" + TOPIC + "\"}"))
                .isTrue();
        assertThat(scrape.has("sluice_topic_records_in_total{topic=\"__consumer_offsets\"}"))
                .isFalse();
        assertThat(scrape.count("sluice_topic_records_in_total{topic=\"_other\"}"))
                .isPositive();
        assertThat(scrape.count("sluice_metrics_left_out{what=\"topics\"}")).isEqualTo(1L);
    }
}
