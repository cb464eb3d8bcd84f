package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.itests.History.Value;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** One history: clients at work on topics of their own while the broker is killed and its coordinators are replaced, as a seed says. */
final class HistoryRun {
    private static final int PARTITIONS = 3;
    private static final int MOVERS = 3;
    private static final int ORDERS = 300;
    private static final int DISTURBANCES = 2;
    private static final int PAUSE_MAX_MS = 700;
    private static final List<String> COORDINATORS =
            List.of("io.sluice.coordinator.txn", "io.sluice.coordinator.group");

    private final BrokerProcess broker;
    private final Path folder;
    private final long seed;
    private final Random random;
    private final History history = new History();
    private final String orders;
    private final String ledger;
    private int kills;
    private int updates;

    HistoryRun(BrokerProcess broker, Path folder, long seed) {
        this.broker = broker;
        this.folder = folder;
        this.seed = seed;
        this.random = new Random(seed);
        this.orders = "orders-" + seed;
        this.ledger = "ledger-" + seed;
    }

    int kills() {
        return kills;
    }

    int updates() {
        return updates;
    }

    History run() throws Exception {
        Clients.createTopic(broker.bootstrap(), orders, PARTITIONS, Map.of());
        Clients.createTopic(broker.bootstrap(), ledger, PARTITIONS, Map.of());
        order();
        List<HistoryMover> movers = new ArrayList<>();
        List<HistoryReader> readers = new ArrayList<>();
        for (int i = 0; i < MOVERS; i++) {
            Random ofMover = new Random(random.nextLong());
            String id = "mover-" + seed + "-" + i;
            movers.add(new HistoryMover(broker.bootstrap(), id, orders, ledger, PARTITIONS, history, ofMover).begin());
        }
        readers.add(new HistoryReader(broker.bootstrap(), ledger, PARTITIONS, true, history).begin());
        readers.add(new HistoryReader(broker.bootstrap(), ledger, PARTITIONS, false, history).begin());
        try {
            for (int i = 0; i < DISTURBANCES; i++) {
                LockSupport.parkNanos(
                        Duration.ofMillis(random.nextInt(PAUSE_MAX_MS)).toNanos());
                disturb();
            }
            awaitNoLag(movers);
        } finally {
            for (HistoryMover mover : movers) {
                mover.close();
            }
            for (HistoryReader reader : readers) {
                reader.close();
            }
        }
        movers.forEach(mover -> assertThat(mover.errors()).isEmpty());
        readers.forEach(reader -> assertThat(reader.errors()).isEmpty());
        readLog();
        return history;
    }

    private void disturb() throws Exception {
        if (random.nextInt(3) == 0) {
            broker.kill();
            broker.start();
            kills++;
            return;
        }
        String bundle = COORDINATORS.get(random.nextInt(COORDINATORS.size()));
        String version = "0." + (1_000 + seed) + "." + ++updates;
        Path jar = PluginJar.withVersion(PluginJar.inDistribution(bundle), version, folder);
        broker.must("plugin:update", bundle, jar.toString(), "--yes");
    }

    private void order() {
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker.bootstrap())) {
            for (int order = 0; order < ORDERS; order++) {
                byte[] value = Integer.toString(order).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(orders, order % PARTITIONS, null, value));
            }
        }
        history.ordered(ORDERS);
    }

    private List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(index -> new TopicPartition(topic, index))
                .toList();
    }

    private void awaitNoLag(List<HistoryMover> movers) {
        try (Admin admin = Clients.admin(broker.bootstrap())) {
            await().atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofMillis(100))
                    .ignoreExceptionsInstanceOf(KafkaException.class)
                    .until(() -> lag(admin) == 0L
                            || movers.stream().anyMatch(mover -> !mover.errors().isEmpty()));
        }
    }

    private long lag(Admin admin) throws Exception {
        var ends = admin.listOffsets(partitions(orders).stream()
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                .all()
                .get();
        var committed = admin.listConsumerGroupOffsets(HistoryMover.group(ledger))
                .partitionsToOffsetAndMetadata()
                .get();
        long lag = 0L;
        for (TopicPartition partition : partitions(orders)) {
            var at = committed.get(partition);
            lag += ends.get(partition).offset() - (at == null ? 0L : at.offset());
        }
        return lag;
    }

    private void readLog() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                Clients.consumer(broker.bootstrap(), "isolation.level", "read_committed")) {
            List<TopicPartition> all = partitions(ledger);
            consumer.assign(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                            history.logged(
                                    record.partition(),
                                    record.offset(),
                                    Value.parse(HistoryMover.text(record.value())));
                        }
                        return all.stream().allMatch(one -> consumer.position(one) >= ends.get(one));
                    });
        }
    }
}
