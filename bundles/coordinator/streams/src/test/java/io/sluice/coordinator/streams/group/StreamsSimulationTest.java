package io.sluice.coordinator.streams.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coordinator.streams.task.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random histories of members that come, go, fail silently, lose answers, and of topics that come, go and grow, with reloads in between: no active task
 * is two members' at once, what the log says is the state, and in the end everything is done by somebody.
 */
class StreamsSimulationTest {
    private static final String GROUP = "app";
    private static final int STEPS = 150;

    @Property(tries = 40)
    void shouldGiveEveryTaskToOneMemberAtATime(@ForAll long seed) {
        Random random = new Random(seed);
        KindHarness harness = new KindHarness();
        harness.config.put("streams.num.standby.replicas", Integer.toString(random.nextInt(3)));
        harness.config.put("streams.initial.rebalance.delay.ms", Integer.toString(random.nextInt(2) * 3_000));
        harness.topic("in", 1 + random.nextInt(6));
        Map<String, SimulatedThread> threads = new HashMap<>();
        int names = 0;
        for (int step = 0; step < STEPS; step++) {
            int dice = random.nextInt(100);
            if (dice < 10 && threads.size() < 6) {
                String name = "m" + names++;
                threads.put(
                        name,
                        new SimulatedThread(
                                harness, GROUP, name, "p" + random.nextInt(3), TestTopologies.wordCount("in")));
            } else if (dice < 14 && !threads.isEmpty()) {
                any(threads, random).leave(-1);
            } else if (dice < 18 && !threads.isEmpty()) {
                threads.remove(any(threads, random).memberId);
            } else if (dice < 22) {
                harness.reload();
            } else if (dice < 30) {
                changeTopics(harness, random);
            } else if (dice < 36 && !threads.isEmpty()) {
                SimulatedThread thread = any(threads, random);
                thread.send(thread.request());
            } else if (!threads.isEmpty()) {
                any(threads, random).beat();
            }
            harness.advance(random.nextInt(3_000));
            check(harness, threads.values());
        }
        settle(harness, threads);
        check(harness, threads.values());
        StreamsGroup group = harness.state.groups().find(GROUP);
        if (group != null) {
            isReplay(harness, group);
        }
        finish(harness, threads);
    }

    private static SimulatedThread any(Map<String, SimulatedThread> threads, Random random) {
        List<String> names = new ArrayList<>(new TreeSet<>(threads.keySet()));
        return threads.get(names.get(random.nextInt(names.size())));
    }

    private static void changeTopics(KindHarness harness, Random random) {
        String[] all = {"in", TestTopologies.REPARTITION, TestTopologies.CHANGELOG};
        String topic = all[random.nextInt(all.length)];
        int partitions = harness.image().topic("in") == null
                ? 3
                : harness.image().topic("in").partitions().size();
        if (random.nextInt(4) == 0) {
            harness.metadata.delete(topic);
            harness.state.topicsChanged(harness.turn());
        } else {
            harness.topic(topic, topic.equals("in") ? partitions + random.nextInt(2) : partitions);
        }
    }

    /** Members whose session goes on have different active tasks; a process has each task once. */
    private static void check(KindHarness harness, Iterable<SimulatedThread> threads) {
        StreamsGroup group = harness.state.groups().find(GROUP);
        if (group == null) {
            return;
        }
        Set<TaskId> active = new TreeSet<>();
        Set<String> ofProcess = new TreeSet<>();
        for (StreamsMember member : group.members()) {
            for (TaskId task : member.current().heldActive()) {
                assertThat(active.add(task)).as("%s is active once", task).isTrue();
                assertThat(ofProcess.add(member.metadata().processId() + "/" + task))
                        .as("%s is once in its process", task)
                        .isTrue();
            }
            for (TaskId task : member.current().tasks().standby()) {
                assertThat(ofProcess.add(member.metadata().processId() + "/" + task))
                        .as("%s is once in its process", task)
                        .isTrue();
            }
        }
        Set<TaskId> owned = new TreeSet<>();
        for (SimulatedThread thread : threads) {
            if (group.member(thread.memberId) != null && thread.epoch > 0) {
                for (TaskId task : thread.owned.active()) {
                    assertThat(owned.add(task)).as("%s is done once", task).isTrue();
                }
            }
        }
        if (harness.log.size() % 8 == 0) {
            isReplay(harness, group);
        }
    }

    private static void isReplay(KindHarness harness, StreamsGroup group) {
        StreamsGroup other = harness.replayed().groups().find(GROUP);
        assertThat(other).isNotNull();
        assertThat(List.copyOf(other.members())).isEqualTo(List.copyOf(group.members()));
        assertThat(other.epochRecord()).isEqualTo(group.epochRecord());
        assertThat(other.assignmentEpoch()).isEqualTo(group.assignmentEpoch());
        assertThat(other.topology()).isEqualTo(group.topology());
        for (StreamsMember member : group.members()) {
            assertThat(other.target(member.memberId())).isEqualTo(group.target(member.memberId()));
        }
    }

    private static void settle(KindHarness harness, Map<String, SimulatedThread> threads) {
        harness.metadata.delete(TestTopologies.REPARTITION);
        harness.metadata.delete(TestTopologies.CHANGELOG);
        harness.topic("in", 5);
        harness.topic(TestTopologies.REPARTITION, 5);
        harness.topic(TestTopologies.CHANGELOG, 5);
        for (int i = 0; i < 40; i++) {
            threads.values().forEach(SimulatedThread::beat);
            harness.advance(3_000L);
        }
    }

    private static void finish(KindHarness harness, Map<String, SimulatedThread> threads) {
        if (threads.isEmpty()) {
            return;
        }
        Set<TaskId> done = new TreeSet<>();
        int least = Integer.MAX_VALUE;
        for (SimulatedThread thread : threads.values()) {
            done.addAll(thread.owned.active());
            least = Math.min(least, thread.owned.active().size());
        }
        assertThat(done).hasSize(10);
        assertThat(least).isGreaterThan(0);
        assertThat(harness.state.descriptions().describe(GROUP).groupState()).isEqualTo("Stable");
    }
}
