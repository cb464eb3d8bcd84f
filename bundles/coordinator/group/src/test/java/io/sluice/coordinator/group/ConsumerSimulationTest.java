package io.sluice.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.group.consumer.ConsumerGroup;
import io.sluice.coordinator.group.consumer.ConsumerGroupState;
import io.sluice.coordinator.group.consumer.ConsumerMember;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Consumers that come, go and crash, topics that change, a coordinator that is replaced and a log that fails; repeated from its seed. */
class ConsumerSimulationTest {
    private static final int RUNS = 100;
    private static final int STEPS = 400;
    private static final int CONSUMERS_MAX = 6;
    private static final String[][] SUBSCRIPTIONS = {{"a"}, {"a", "b"}, {"b", "c"}, {"a", "b", "c"}};

    private int rebalances;

    @Test
    void shouldNeverGiveAPartitionToTwoAndReachItsTargetInTheEnd() {
        long first = Long.getLong("simulation.seed", 1L);
        for (long seed = first; seed < first + RUNS; seed++) {
            try {
                run(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(rebalances).as("group epochs").isGreaterThan(RUNS);
    }

    private void run(long seed) {
        SimulatedGroups groups = new SimulatedGroups(seed);
        RandomSource random = groups.random();
        for (String topic : List.of("a", "b", "c")) {
            groups.metadata.topic(topic, 1 + random.nextInt(5));
        }
        List<SimulatedConsumer> consumers = new ArrayList<>();
        int names = 0;
        for (int step = 0; step < STEPS; step++) {
            int dice = random.nextInt(100);
            if (dice < 5 && consumers.size() < CONSUMERS_MAX) {
                String instance = "i" + random.nextInt(3);
                boolean isStatic =
                        random.nextInt(3) == 0 && consumers.stream().noneMatch(c -> instance.equals(c.instanceId));
                consumers.add(new SimulatedConsumer(
                        groups,
                        "m" + names++,
                        isStatic ? instance : null,
                        SUBSCRIPTIONS[random.nextInt(SUBSCRIPTIONS.length)]));
            } else if (dice < 7 && !consumers.isEmpty()) {
                consumers.remove(random.nextInt(consumers.size()));
            } else if (dice < 10 && !consumers.isEmpty()) {
                SimulatedConsumer leaver = consumers.remove(random.nextInt(consumers.size()));
                leaver.leave(leaver.instanceId == null || random.nextInt(2) == 0 ? -1 : -2);
            } else if (dice < 12 && !consumers.isEmpty()) {
                consumers
                        .get(random.nextInt(consumers.size()))
                        .subscribe(SUBSCRIPTIONS[random.nextInt(SUBSCRIPTIONS.length)]);
            } else if (dice < 13) {
                groups.restart();
            } else if (dice < 14) {
                groups.partitions.failNext(1, ErrorCode.KAFKA_STORAGE_ERROR, random.nextInt(2) == 0);
            } else if (dice < 15) {
                changeTopic(groups, random);
            } else if (dice < 17) {
                long delayMs = random.nextInt(2) * 20L;
                groups.partitions.commitAfter(() -> delayMs);
            } else if (dice < 30) {
                groups.scheduler.advance(random.nextInt(600));
            } else if (!consumers.isEmpty()) {
                consumers.get(random.nextInt(consumers.size())).step();
            }
            groups.scheduler.runUntilIdle();
            assertNobodySharesAPartition(consumers);
        }
        settle(groups, consumers);
    }

    private static void changeTopic(SimulatedGroups groups, RandomSource random) {
        String name = List.of("a", "b", "c").get(random.nextInt(3));
        if (random.nextInt(3) == 0) {
            groups.metadata.delete(name);
        } else {
            groups.metadata.topic(name, 1 + random.nextInt(6));
        }
        groups.submit(new Pending<Void>(), (shard, turn) -> shard.consumers().topicsChanged());
    }

    private static void assertNobodySharesAPartition(List<SimulatedConsumer> consumers) {
        Map<PartitionId, String> owners = new HashMap<>();
        for (SimulatedConsumer consumer : consumers) {
            for (PartitionId partition : consumer.owned) {
                String other = owners.put(partition, consumer.memberId);
                assertThat(other)
                        .as("the owner of %s beside %s", partition, consumer.memberId)
                        .isNull();
            }
        }
    }

    /** Those who crashed are put out, and the others come to where they are to be. */
    private void settle(SimulatedGroups groups, List<SimulatedConsumer> consumers) {
        groups.partitions.commitAfter(() -> 0L);
        for (int round = 0; round < 40; round++) {
            groups.scheduler.advance(3_000);
            for (SimulatedConsumer consumer : consumers) {
                consumer.step();
                groups.scheduler.runUntilIdle();
                assertNobodySharesAPartition(consumers);
            }
        }
        ConsumerGroup group = group(Objects.requireNonNull(groups.peek()));
        assertThat(sketch(group(groups.replayed()))).isEqualTo(sketch(group));
        if (group == null) {
            assertThat(consumers).isEmpty();
            return;
        }
        rebalances += group.epoch();
        assertThat(group.size()).isEqualTo(consumers.size());
        assertThat(group.state()).isEqualTo(consumers.isEmpty() ? ConsumerGroupState.EMPTY : ConsumerGroupState.STABLE);
        Set<PartitionId> wanted = new HashSet<>();
        Set<PartitionId> owned = new HashSet<>();
        for (SimulatedConsumer consumer : consumers) {
            assertThat(consumer.owned)
                    .as(
                            "what %s has, at epoch %d of %s",
                            consumer.memberId, consumer.epoch, group.member(consumer.memberId))
                    .isEqualTo(group.target(consumer.memberId));
            owned.addAll(consumer.owned);
            for (String name : consumer.topics) {
                TopicImage topic = groups.metadata.image().topic(name);
                for (int i = 0; topic != null && i < topic.partitions().size(); i++) {
                    wanted.add(new PartitionId(topic.id(), i));
                }
            }
        }
        assertThat(owned).isEqualTo(wanted);
    }

    private static ConsumerGroup group(GroupShard shard) {
        return shard.consumerGroups().find(SimulatedGroups.GROUP);
    }

    /** All that must be the same after a replay. */
    private static List<Object> sketch(ConsumerGroup group) {
        if (group == null) {
            return List.of();
        }
        List<Object> sketch = new ArrayList<>(List.of(group.epoch(), group.targetEpoch()));
        Map<String, ConsumerMember> members = new HashMap<>();
        Map<String, Set<PartitionId>> targets = new HashMap<>();
        for (ConsumerMember member : group.members()) {
            members.put(member.memberId(), member);
            targets.put(member.memberId(), group.target(member.memberId()));
        }
        sketch.add(members);
        sketch.add(targets);
        return sketch;
    }
}
