package io.sluice.coordinator.streams.assignor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.task.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StickyAssignorTest {
    private final StickyAssignor assignor = new StickyAssignor();

    private static List<TaskId> tasks(int subtopologies, int partitions) {
        List<TaskId> tasks = new ArrayList<>();
        for (int i = 0; i < subtopologies; i++) {
            for (int j = 0; j < partitions; j++) {
                tasks.add(new TaskId(Integer.toString(i), j));
            }
        }
        return tasks;
    }

    private static Work work(List<TaskId> tasks, int standbys) {
        return new Work(tasks, tasks, standbys, List.of());
    }

    private static Candidate candidate(String memberId, String processId, Tasks previous) {
        return new Candidate(memberId, processId, Map.of(), previous, Map.of());
    }

    @Property(tries = 300)
    void shouldGiveEachTaskOutOnceAndEquallyManyToAll(
            @ForAll @IntRange(min = 1, max = 9) int members,
            @ForAll @IntRange(min = 1, max = 3) int threads,
            @ForAll @IntRange(min = 1, max = 3) int subtopologies,
            @ForAll @IntRange(min = 1, max = 7) int partitions,
            @ForAll @IntRange(max = 2) int standbys) {
        List<TaskId> all = tasks(subtopologies, partitions);
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            candidates.add(candidate("m" + i, "p" + i / threads, Tasks.EMPTY));
        }
        Map<String, Tasks> assigned = assignor.assign(candidates, work(all, standbys));
        check(candidates, assigned, all, standbys);
        List<Candidate> again = new ArrayList<>();
        candidates.forEach(one -> again.add(candidate(one.memberId(), one.processId(), assigned.get(one.memberId()))));
        assertThat(active(assignor.assign(again, work(all, standbys)))).isEqualTo(active(assigned));
        again.remove(0);
        again.add(candidate("m99", "p99", Tasks.EMPTY));
        check(again, assignor.assign(again, work(all, standbys)), all, standbys);
    }

    private static Map<String, Set<TaskId>> active(Map<String, Tasks> assigned) {
        Map<String, Set<TaskId>> active = new TreeMap<>();
        assigned.forEach((member, tasks) -> active.put(member, tasks.active()));
        return active;
    }

    private static void check(List<Candidate> candidates, Map<String, Tasks> assigned, List<TaskId> all, int standbys) {
        Map<TaskId, Set<String>> processes = new HashMap<>();
        Set<String> distinct = new TreeSet<>();
        int given = 0;
        int most = 0;
        int least = Integer.MAX_VALUE;
        for (Candidate candidate : candidates) {
            distinct.add(candidate.processId());
            Tasks tasks = assigned.get(candidate.memberId());
            given += tasks.active().size();
            most = Math.max(most, tasks.active().size());
            least = Math.min(least, tasks.active().size());
            Set<TaskId> both = new TreeSet<>(tasks.active());
            both.addAll(tasks.standby());
            for (TaskId task : both) {
                assertThat(processes
                                .computeIfAbsent(task, id -> new TreeSet<>())
                                .add(candidate.processId()))
                        .as("%s is in process %s once", task, candidate.processId())
                        .isTrue();
            }
        }
        assertThat(given).isEqualTo(all.size());
        for (TaskId task : all) {
            assertThat(processes.get(task)).hasSize(Math.min(distinct.size(), 1 + standbys));
        }
        assertThat(most).isLessThanOrEqualTo((all.size() + candidates.size() - 1) / candidates.size());
        assertThat(least).isGreaterThanOrEqualTo(all.size() / candidates.size());
    }

    @Test
    void shouldMoveAsFewTasksAsItNeedsWhenAMemberComes() {
        List<TaskId> all = tasks(1, 6);
        Map<String, Tasks> before = assignor.assign(
                List.of(candidate("a", "p", Tasks.EMPTY), candidate("b", "q", Tasks.EMPTY)), work(all, 0));
        Map<String, Tasks> after = assignor.assign(
                List.of(
                        candidate("a", "p", before.get("a")),
                        candidate("b", "q", before.get("b")),
                        candidate("c", "r", Tasks.EMPTY)),
                work(all, 0));
        assertThat(before.get("a").active())
                .containsAll(after.get("a").active())
                .hasSize(3);
        assertThat(before.get("b").active())
                .containsAll(after.get("b").active())
                .hasSize(3);
        assertThat(after.get("c").active()).hasSize(2);
    }

    @Test
    void shouldPreferWhoeverHasTheMoreOfTheState() {
        TaskId task = new TaskId("0", 0);
        Map<String, Tasks> assigned = assignor.assign(
                List.of(
                        new Candidate("a", "p", Map.of(), Tasks.EMPTY, Map.of(task, 10L)),
                        new Candidate("b", "q", Map.of(), Tasks.EMPTY, Map.of(task, 900L)),
                        candidate("c", "r", Tasks.EMPTY)),
                work(List.of(task), 0));
        assertThat(assigned.get("b").active()).containsExactly(task);
    }

    @Test
    void shouldSpreadCopiesOverTags() {
        List<TaskId> all = tasks(1, 4);
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            candidates.add(new Candidate("m" + i, "p" + i, Map.of("zone", "z" + i % 2), Tasks.EMPTY, Map.of()));
        }
        Map<String, Tasks> assigned = assignor.assign(candidates, new Work(all, all, 1, List.of("zone")));
        Map<TaskId, Set<String>> zones = new TreeMap<>();
        for (Candidate candidate : candidates) {
            Tasks tasks = assigned.get(candidate.memberId());
            Set<TaskId> both = new TreeSet<>(tasks.active());
            both.addAll(tasks.standby());
            both.forEach(task -> zones.computeIfAbsent(task, id -> new TreeSet<>())
                    .add(candidate.tags().get("zone")));
        }
        assertThat(zones.values()).hasSize(4).allMatch(both -> both.equals(Set.of("z0", "z1")));
    }

    /** What looks at all members or processes for each task takes half a minute and more for so many. */
    @ParameterizedTest
    @ValueSource(strings = {"", "zone"})
    void shouldAssignManyTasksToManyMembersInTime(String tag) {
        List<TaskId> all = tasks(10, 3_000);
        Work work = new Work(all, all, 1, tag.isEmpty() ? List.of() : List.of(tag));
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < 6_000; i++) {
            candidates.add(new Candidate("m" + i, "p" + i / 2, Map.of("zone", "z" + i / 2 % 3), Tasks.EMPTY, Map.of()));
        }

        Map<String, Tasks> assigned =
                assertTimeoutPreemptively(Duration.ofSeconds(15), () -> assignor.assign(candidates, work));

        assertThat(assigned.values()).allMatch(tasks -> tasks.active().size() == 5);
        assertThat(assigned.values().stream()
                        .mapToInt(tasks -> tasks.standby().size())
                        .sum())
                .isEqualTo(all.size());
    }
}
