package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several members share partitions while the broker is killed and the share groups' bundle is updated: no record comes again once its acceptance was
 * answered, every record comes, the counts of its deliveries only grow, and what nobody accepts is given up.
 * {@code -Dproof.share.kills=20 -Dproof.share.updates=50}
 */
class ShareProofIT {
    private static final String BUNDLE = "io.sluice.coordinator.share";
    private static final String TOPIC = "shared";
    private static final String GROUP = "sharers";
    private static final int MEMBERS = 3;
    private static final int PARTITIONS = 2;
    private static final String[] QUICK = {
        "group.share.min.record.lock.duration.ms=1000",
        "group.share.record.lock.duration.ms=1500",
        "group.share.min.heartbeat.interval.ms=500",
        "group.share.heartbeat.interval.ms=500"
    };

    @TempDir
    Path folder;

    @Test
    void shouldDeliverEveryRecordUntilItIsAcceptedAndNotAfter() throws Exception {
        int kills = Proof.count("share.kills", 8);
        int updates = Proof.count("share.updates", 16);
        int between = Proof.count("records", 600);
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"), QUICK)) {
            Seen seen = observe(broker, kills, updates, between);
            long oldLoaders = LoaderCensus.retained(broker, BUNDLE);
            Proof.named("share")
                    .with("kills", kills)
                    .with("updates", updates)
                    .with("members", MEMBERS)
                    .with("records", seen.records())
                    .with("accepted", seen.accepted())
                    .with("unanswered", seen.unanswered())
                    .with("unsettled", seen.unsettled().size())
                    .with("deliveries", seen.deliveries())
                    .with("refused_acknowledgements", seen.refused())
                    .with("lag", seen.lag())
                    .with("faults", seen.faults().size())
                    .with("old_loaders", oldLoaders)
                    .print();
            assertThat(seen.faults()).isEmpty();
            assertThat(oldLoaders)
                    .as("class loaders of old versions that were not collected")
                    .isLessThanOrEqualTo(1L);
            assertThat(seen.unsettled()).isEmpty();
            assertThat(seen.unanswered()).isLessThanOrEqualTo((long) kills * MEMBERS * ShareConsumers.POLLED_MAX);
            assertThat(seen.lag()).isZero();
        }
    }

    /** A broker that does not keep every acknowledgement that it answers is found out. */
    @Test
    void shouldFindThatAnAcknowledgementWasForgotten() throws Exception {
        try (BrokerProcess broker =
                BrokerProcess.startSabotaged("forget-acknowledgement", folder.resolve("data"), QUICK)) {
            Seen seen = observe(broker, 1, 0, 600);
            Proof.named("sabotage")
                    .with("kind", "forget-acknowledgement")
                    .with("faults", seen.faults().size())
                    .print();
            assertThat(seen.faults()).isNotEmpty();
        }
    }

    private record Seen(
            long records,
            long accepted,
            long unanswered,
            List<Long> unsettled,
            long deliveries,
            long refused,
            long lag,
            List<String> faults) {}

    private static Seen observe(BrokerProcess broker, int kills, int updates, int between) throws Exception {
        Clients.createTopic(broker.bootstrap(), TOPIC, PARTITIONS, Map.of());
        readFromTheStart(broker.bootstrap());
        long written = 0L;
        ShareConsumers consumers = new ShareConsumers(broker.bootstrap(), TOPIC, GROUP, MEMBERS).begin();
        try (consumers;
                KafkaProducer<byte[], byte[]> producer =
                        Clients.producer(broker.bootstrap(), "delivery.timeout.ms", 120_000)) {
            Path original = PluginJar.inDistribution(BUNDLE);
            for (int round = 0; round < kills + updates; round++) {
                int wanted = consumers.acceptedCount() + between / 4;
                written = write(producer, written, between);
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> consumers.acceptedCount() >= wanted
                                || !consumers.faults().isEmpty());
                if (round % 2 == 0 ? round / 2 < kills : updates == 0) {
                    broker.kill();
                    broker.start();
                } else {
                    Path jar = PluginJar.withVersion(original, "0.1." + (1_000 + round), broker.data());
                    broker.must("plugin:update", BUNDLE, jar.toString(), "--yes");
                }
            }
            written = write(producer, written, between);
            await().atMost(Duration.ofSeconds(120))
                    .ignoreExceptions()
                    .until(() ->
                            lag(broker.bootstrap()) == 0L || !consumers.faults().isEmpty());
        }
        return new Seen(
                written,
                consumers.acceptedCount(),
                consumers.unansweredCount(),
                unsettled(consumers, written),
                consumers.deliveries(),
                consumers.refusedCount(),
                lag(broker.bootstrap()),
                consumers.faults());
    }

    /** What the group has left behind although nobody accepted it. */
    private static List<Long> unsettled(ShareConsumers consumers, long end) {
        return LongStream.range(0L, end)
                .filter(number -> !ShareConsumers.isPoison(number) && !consumers.isSettled(number))
                .boxed()
                .toList();
    }

    private static long write(KafkaProducer<byte[], byte[]> producer, long from, int count) {
        for (long number = from; number < from + count; number++) {
            byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
            producer.send(new ProducerRecord<>(TOPIC, (int) (number % PARTITIONS), null, value));
        }
        producer.flush();
        return from + count;
    }

    private static void readFromTheStart(String bootstrap) throws Exception {
        try (Admin admin = Clients.admin(bootstrap)) {
            Map<ConfigResource, Collection<AlterConfigOp>> change = Map.of(
                    new ConfigResource(ConfigResource.Type.GROUP, GROUP),
                    List.of(new AlterConfigOp(
                            new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET)));
            admin.incrementalAlterConfigs(change).all().get();
        }
    }

    /** What is before the group in all partitions together; -1 while that is not known of each. */
    private static long lag(String bootstrap) throws Exception {
        try (Admin admin = Clients.admin(bootstrap)) {
            long lag = 0L;
            Map<?, SharePartitionOffsetInfo> offsets = admin.listShareGroupOffsets(
                            Map.of(GROUP, new ListShareGroupOffsetsSpec()))
                    .partitionsToOffsetInfo(GROUP)
                    .get();
            for (SharePartitionOffsetInfo info : offsets.values()) {
                if (info == null || info.lag().isEmpty()) {
                    return -1L;
                }
                lag += info.lag().get();
            }
            return offsets.size() == PARTITIONS ? lag : -1L;
        }
    }
}
