package io.sluice.coordinator.streams.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.task.Tasks;
import java.time.Duration;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TaskHoldersTest {
    private static final TaskId TASK = new TaskId("0", 0);
    private static final Set<TaskId> NOTHING = Set.of();

    private final StreamsGroup group = new StreamsGroup("app");

    private static StreamsMember member(String memberId, String processId, Tasks tasks, Tasks revoking) {
        TreeMap<TaskId, Integer> since = new TreeMap<>();
        tasks.active().forEach(task -> since.put(task, 1));
        revoking.active().forEach(task -> since.put(task, 1));
        return new StreamsMember(
                memberId,
                new MemberMetadata(null, null, "", "", -1, 0, processId, null, new TreeMap<>()),
                new CurrentTasks(1, 0, MemberState.STABLE, tasks, revoking, since));
    }

    private static StreamsMember idle(String memberId, String processId) {
        return member(memberId, processId, Tasks.EMPTY, Tasks.EMPTY);
    }

    private static Tasks active(TaskId... tasks) {
        return Tasks.of(Set.of(tasks), NOTHING, NOTHING);
    }

    private static Tasks standby(TaskId... tasks) {
        return Tasks.of(NOTHING, Set.of(tasks), NOTHING);
    }

    private boolean mayProcess(StreamsMember member) {
        return group.holdersBeside(member).isFreeToProcess(TASK);
    }

    private boolean mayCopy(StreamsMember member) {
        return group.holdersBeside(member).isFreeToCopy(TASK);
    }

    @Test
    void shouldKeepAnActiveTaskFromEverybodyElse() {
        StreamsMember holder = member("a", "p", Tasks.EMPTY, active(TASK));
        group.put(holder);

        assertThat(mayProcess(holder)).isTrue();
        assertThat(mayProcess(idle("b", "p"))).isFalse();
        assertThat(mayProcess(idle("c", "q"))).isFalse();
        assertThat(mayCopy(idle("b", "p"))).isFalse();
        assertThat(mayCopy(idle("c", "q"))).isTrue();
    }

    @Test
    void shouldKeepACopyFromTheProcessThatHasOne() {
        StreamsMember holder = member("a", "p", standby(TASK), Tasks.EMPTY);
        group.put(holder);

        assertThat(mayProcess(holder)).isTrue();
        assertThat(mayProcess(idle("b", "p"))).isFalse();
        assertThat(mayCopy(idle("b", "p"))).isFalse();
        assertThat(mayProcess(idle("c", "q"))).isTrue();
        assertThat(mayCopy(idle("c", "q"))).isTrue();
    }

    @Test
    void shouldFollowMembersThatChangeAndGo() {
        StreamsMember other = idle("c", "q");
        group.put(member("a", "p", active(TASK), Tasks.EMPTY));
        group.put(member("a", "p", standby(TASK), Tasks.EMPTY));
        assertThat(mayProcess(other)).isTrue();
        assertThat(mayCopy(idle("b", "p"))).isFalse();
        group.put(member("a", "q", standby(TASK), Tasks.EMPTY));
        assertThat(mayCopy(idle("b", "p"))).as("its process is another").isTrue();
        assertThat(mayCopy(other)).isFalse();

        group.remove("a");

        assertThat(mayCopy(other)).isTrue();
    }

    /** What looks at all members for each takes minutes for so many. */
    @Test
    void shouldTellManyMembersInTime() {
        int members = 10_000;
        int each = 10;
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < members; i++) {
                Set<TaskId> tasks = new TreeSet<>();
                for (int j = 0; j < each; j++) {
                    tasks.add(new TaskId("0", i * each + j));
                }
                group.put(member("m" + i, "p" + i, Tasks.of(tasks, NOTHING, NOTHING), Tasks.EMPTY));
            }
            for (int i = 0; i < members; i++) {
                assertThat(mayProcess(idle("m" + i, "p" + i))).isEqualTo(i == 0);
            }
        });
    }
}
