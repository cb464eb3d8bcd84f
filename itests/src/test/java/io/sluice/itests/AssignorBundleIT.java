package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A third assignor is a bundle: consumers that ask for it get what it alone would give them, and go on reading when it is gone. */
class AssignorBundleIT {
    private static final String TOPIC = "shared-out";
    private static final int PARTITIONS = 6;
    private static final String GROUP = "even-readers";
    private static final String ACTIVATOR = "org.example.evens.Evens";

    /** Leaves out every second partition, and gives the others to the members in turn: no other assignor does. */
    private static final String SOURCE = """
            package org.example.evens;

            import io.sluice.base.Uuid;
            import io.sluice.coordinator.api.AssignableTopic;
            import io.sluice.coordinator.api.ConsumerAssignor;
            import io.sluice.coordinator.api.PartitionId;
            import io.sluice.coordinator.api.Subscriber;
            import java.util.HashMap;
            import java.util.HashSet;
            import java.util.List;
            import java.util.Map;
            import java.util.Set;
            import org.osgi.framework.BundleActivator;
            import org.osgi.framework.BundleContext;

            public final class Evens implements BundleActivator, ConsumerAssignor {
                @Override
                public void start(BundleContext context) {
                    context.registerService(ConsumerAssignor.class, this, null);
                }

                @Override
                public void stop(BundleContext context) {}

                @Override
                public String name() {
                    return "evens";
                }

                @Override
                public Map<String, Set<PartitionId>> assign(List<Subscriber> members, Map<Uuid, AssignableTopic> topics) {
                    Map<String, Set<PartitionId>> assignment = new HashMap<>();
                    topics.forEach((id, topic) -> {
                        for (int i = 0; i < topic.partitionCount(); i += 2) {
                            String member = members.get(i / 2 % members.size()).memberId();
                            assignment.computeIfAbsent(member, any -> new HashSet<>()).add(new PartitionId(id, i));
                        }
                    });
                    return assignment;
                }
            }
            """;

    @TempDir
    Path folder;

    private final List<KafkaConsumer<byte[], byte[]>> consumers = new ArrayList<>();
    private final long[] next = new long[PARTITIONS];
    private long lost;

    @Test
    void shouldAssignByABundleThatComesAndGoesWhileConsumersRead() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(
                        folder.resolve("data"),
                        "offsets.topic.num.partitions=1",
                        "group.consumer.assignors=uniform,range,evens",
                        "group.consumer.heartbeat.interval.ms=200",
                        "group.consumer.assignment.interval.ms=0");
                Load load = new Load(broker.bootstrap(), TOPIC, PARTITIONS).every(Duration.ofMillis(5));
                AutoCloseable readers = () -> consumers.forEach(KafkaConsumer::close)) {
            Clients.createTopic(broker.bootstrap(), TOPIC, PARTITIONS, Map.of());
            Coordinators.await(broker.bootstrap());
            assertThat(join(broker, "too-early")).isEqualTo(Errors.UNSUPPORTED_ASSIGNOR);

            Path dropped = drop(broker);
            await().atMost(Duration.ofSeconds(20)).until(() -> join(broker, "in-time") == Errors.NONE);
            load.begin();
            KafkaConsumer<byte[], byte[]> first = consumer(broker, "group.remote.assignor", "evens");
            readUntil(() -> partitionsOf(first).equals(Set.of(0, 2, 4)));
            KafkaConsumer<byte[], byte[]> second = consumer(broker, "group.remote.assignor", "evens");
            readUntil(() -> sharesOf(first, second).equals(Set.of(Set.of(0, 4), Set.of(2))));

            Files.delete(dropped);
            await().atMost(Duration.ofSeconds(20)).until(() -> join(broker, "too-late") == Errors.UNSUPPORTED_ASSIGNOR);
            long[] before = next.clone();
            readUntil(() -> next[0] > before[0] + 100 && next[2] > before[2] + 100 && next[4] > before[4] + 100);
            assertThat(sharesOf(first, second)).isEqualTo(Set.of(Set.of(0, 4), Set.of(2)));

            KafkaConsumer<byte[], byte[]> third = consumer(broker);
            readUntil(() -> all().size() == PARTITIONS
                    && partitionsOf(first).size() == 2
                    && partitionsOf(second).size() == 2
                    && partitionsOf(third).size() == 2);
            load.end();
            readUntil(() -> hasRead(load));
            assertThat(load.errors()).isEmpty();
            assertThat(lost).isZero();
        }
    }

    private Errors join(BrokerProcess broker, String group) throws Exception {
        try (RawClient client = new RawClient(broker.port())) {
            return Errors.forCode(ErrorCodes.of(
                    client, GroupRequests.consumerJoin(group, TOPIC).setServerAssignor("evens"), 1));
        }
    }

    private Path drop(BrokerProcess broker) throws Exception {
        Path jar = CompiledBundle.of(
                ACTIVATOR,
                SOURCE,
                List.of("io.sluice.base", "io.sluice.coordinator.api"),
                List.of(
                        "org.osgi.framework",
                        "io.sluice.base;version=\"[1.0,2)\"",
                        "io.sluice.coordinator.api;version=\"[1.0,2)\""),
                folder);
        Path deploy = broker.data().resolve("deploy");
        Path hidden = Files.copy(jar, deploy.resolve("." + jar.getFileName()));
        return Files.move(hidden, deploy.resolve(jar.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    private KafkaConsumer<byte[], byte[]> consumer(BrokerProcess broker, Object... more) {
        List<Object> properties =
                new ArrayList<>(List.of("group.id", GROUP, "group.protocol", "consumer", "enable.auto.commit", "true"));
        properties.addAll(List.of(more));
        KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker.bootstrap(), properties.toArray());
        consumer.subscribe(List.of(TOPIC));
        consumers.add(consumer);
        return consumer;
    }

    private void readUntil(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    for (KafkaConsumer<byte[], byte[]> consumer : consumers) {
                        consumer.poll(Duration.ofMillis(20)).forEach(this::take);
                    }
                    return condition.call();
                });
    }

    /** A record that comes once more is no loss; one that was never seen before its successor is. */
    private void take(ConsumerRecord<byte[], byte[]> record) {
        long number = ByteBuffer.wrap(record.value()).getLong(0);
        int partition = record.partition();
        lost += Math.max(0L, number - next[partition]);
        next[partition] = Math.max(next[partition], number + 1);
    }

    private boolean hasRead(Load load) {
        boolean all = true;
        for (int i = 0; i < PARTITIONS; i++) {
            all &= next[i] > load.highest(i);
        }
        return all;
    }

    private Set<Integer> all() {
        Set<Integer> all = new TreeSet<>();
        consumers.forEach(consumer -> all.addAll(partitionsOf(consumer)));
        return all;
    }

    /** Which of two consumers has which share is a matter of their ids. */
    private static Set<Set<Integer>> sharesOf(KafkaConsumer<byte[], byte[]> one, KafkaConsumer<byte[], byte[]> other) {
        Set<Set<Integer>> shares = new HashSet<>();
        shares.add(partitionsOf(one));
        shares.add(partitionsOf(other));
        return shares;
    }

    private static Set<Integer> partitionsOf(KafkaConsumer<byte[], byte[]> consumer) {
        Set<Integer> partitions = new TreeSet<>();
        for (TopicPartition partition : consumer.assignment()) {
            partitions.add(partition.partition());
        }
        return partitions;
    }
}
