package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupMemberAssignment;
import org.apache.kafka.clients.admin.StreamsGroupMemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Streams application (streams protocol, exactly once) counts words while the broker is killed, the streams groups' bundle is updated, and
 * processes of it come and are killed: every word is counted exactly, and in the end each task is one member's.
 * {@code -Dproof.streams.kills=20 -Dproof.streams.updates=50}
 */
class StreamsGroupProofIT {
    private static final String BUNDLE = "io.sluice.coordinator.streams";
    private static final String APPLICATION = "word-count";
    private static final String INPUT = "words";
    private static final String OUTPUT = "counted";
    private static final int PARTITIONS = 3;
    private static final int SUBTOPOLOGIES = 2;
    private static final int WORDS = 17;
    private static final int ROUNDS_OF_A_PROCESS = 4; // what a process leaves open when it is killed has to time out
    private static final String[] QUICK = {
        "group.streams.min.session.timeout.ms=1000",
        "group.streams.session.timeout.ms=3000",
        "group.streams.min.heartbeat.interval.ms=200",
        "group.streams.heartbeat.interval.ms=300",
        "group.streams.initial.rebalance.delay.ms=500",
        "group.streams.assignment.interval.ms=200"
    };

    @TempDir
    Path folder;

    @Test
    void shouldCountEveryWordExactlyWhileAnythingIsReplaced() throws Exception {
        int kills = Proof.count("streams.kills", 5);
        int updates = Proof.count("streams.updates", 10);
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"), QUICK)) {
            Seen seen = observe(broker, kills, updates, Duration.ofSeconds(90));
            Proof.named("streams")
                    .with("kills", kills)
                    .with("updates", updates)
                    .with("records", seen.records())
                    .with("tasks", seen.tasks())
                    .with("members", seen.members())
                    .with("faults", seen.faults().size())
                    .print();
            assertThat(seen.faults()).isEmpty();
            assertThat(seen.tasks()).isEqualTo(PARTITIONS * SUBTOPOLOGIES);
        }
    }

    /** A broker that leaves a task out of its assignments is found out. */
    @Test
    void shouldFindThatATaskWasForgotten() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startSabotaged("forget-task", folder.resolve("data"), QUICK)) {
            Seen seen = observe(broker, 0, 0, Duration.ofSeconds(8));
            Proof.named("sabotage")
                    .with("kind", "forget-task")
                    .with("faults", seen.faults().size())
                    .print();
            assertThat(seen.faults()).isNotEmpty();
        }
    }

    private record Seen(long records, int tasks, int members, List<String> faults) {}

    private Seen observe(BrokerProcess broker, int kills, int updates, Duration patience) throws Exception {
        String bootstrap = broker.bootstrap();
        Clients.createTopic(bootstrap, INPUT, PARTITIONS, Map.of());
        Clients.createTopic(bootstrap, OUTPUT, PARTITIONS, Map.of());
        Map<String, Long> expected = new TreeMap<>();
        try (StreamsProcesses processes = new StreamsProcesses(bootstrap, APPLICATION, folder, INPUT, OUTPUT);
                KafkaProducer<byte[], byte[]> producer = Clients.producer(bootstrap, "delivery.timeout.ms", 120_000)) {
            processes.start();
            write(producer, expected);
            List<String> faults = new ArrayList<>(awaitCounts(bootstrap, expected, patience));
            Path original = PluginJar.inDistribution(BUNDLE);
            int rounds = kills == 0 ? Math.min(updates, 1) : kills;
            int updated = 0;
            for (int round = 0; round < rounds && faults.isEmpty(); round++) {
                write(producer, expected);
                if (round < kills) {
                    broker.kill();
                    broker.start();
                }
                for (; updated < updates * (round + 1) / rounds; updated++) {
                    Path jar = PluginJar.withVersion(original, "0.1." + (1_000 + updated), broker.data());
                    broker.must("plugin:update", BUNDLE, jar.toString(), "--yes");
                    write(producer, expected);
                }
                if (round == 0) {
                    processes.start();
                } else if (round % ROUNDS_OF_A_PROCESS == 0) {
                    processes.replace();
                }
                write(producer, expected);
                faults.addAll(awaitCounts(bootstrap, expected, patience));
            }
            List<StreamsGroupMemberDescription> members = settled(bootstrap, processes.threads(), faults);
            return new Seen(sum(expected), tasks(members, faults), members.size(), faults);
        }
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static void write(KafkaProducer<byte[], byte[]> producer, Map<String, Long> expected) {
        for (int i = 0; i < 300; i++) {
            String word = "word-" + i % WORDS;
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(INPUT, i % PARTITIONS, null, bytes));
            expected.merge(word, 1L, Long::sum);
        }
        producer.flush();
    }

    /** What is wrong with the counts after some time. */
    private static List<String> awaitCounts(String bootstrap, Map<String, Long> expected, Duration patience) {
        Counts counts = new Counts();
        try (KafkaConsumer<byte[], byte[]> consumer =
                Clients.consumer(bootstrap, "isolation.level", "read_committed")) {
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(i -> new TopicPartition(OUTPUT, i))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(patience).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(counts::add);
                return counts.last.equals(expected) || !counts.faults.isEmpty();
            });
        } catch (ConditionTimeoutException e) {
            counts.faults.add("counted " + sum(counts.last) + " of " + sum(expected) + " words");
        }
        return counts.faults;
    }

    /** Each count of a word is written once, in order. */
    private static final class Counts {
        private final Map<String, Long> last = new HashMap<>();
        private final List<String> faults = new ArrayList<>();

        private void add(ConsumerRecord<byte[], byte[]> record) {
            String word = new String(record.key(), StandardCharsets.UTF_8);
            long count = ByteBuffer.wrap(record.value()).getLong();
            long former = last.getOrDefault(word, 0L);
            if (count != former + 1) {
                faults.add("the count of " + word + " went from " + former + " to " + count);
            }
            last.put(word, count);
        }
    }

    /** The members, once all are there and have what they are to have. */
    private static List<StreamsGroupMemberDescription> settled(String bootstrap, int threads, List<String> faults) {
        List<StreamsGroupMemberDescription> members = new ArrayList<>();
        try (Admin admin = Clients.admin(bootstrap)) {
            await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
                StreamsGroupDescription group = admin.describeStreamsGroups(List.of(APPLICATION))
                        .all()
                        .get()
                        .get(APPLICATION);
                members.clear();
                members.addAll(group.members());
                return members.size() == threads
                        && group.groupState().toString().equals("Stable");
            });
        } catch (ConditionTimeoutException e) {
            faults.add("the group did not become stable with " + threads + " members; it has " + members.size());
        }
        return members;
    }

    /** How many tasks are somebody's; one that is two members' is a fault. */
    private static int tasks(List<StreamsGroupMemberDescription> members, List<String> faults) {
        Map<String, String> owners = new TreeMap<>();
        for (StreamsGroupMemberDescription member : members) {
            for (StreamsGroupMemberAssignment.TaskIds tasks :
                    member.assignment().activeTasks()) {
                for (int partition : tasks.partitions()) {
                    String task = tasks.subtopologyId() + "_" + partition;
                    String other = owners.put(task, member.memberId());
                    if (other != null) {
                        faults.add(task + " is of " + other + " and of " + member.memberId());
                    }
                }
            }
        }
        return owners.size();
    }
}
