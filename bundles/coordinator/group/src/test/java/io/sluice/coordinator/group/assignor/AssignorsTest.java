package io.sluice.coordinator.group.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.Uuid;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.api.Subscriber;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AssignorsTest {
    private final PartitionAssignor uniform = new UniformAssignor();
    private final PartitionAssignor range = new RangeAssignor();

    private static Uuid topic(int number) {
        return new Uuid(number, number);
    }

    private static Subscriber member(String id, Set<Uuid> topics, Set<PartitionId> held) {
        return new Subscriber(id, null, null, topics, held);
    }

    private static Set<PartitionId> partitions(int topic, int... numbers) {
        Set<PartitionId> partitions = new TreeSet<>();
        for (int number : numbers) {
            partitions.add(new PartitionId(topic(topic), number));
        }
        return partitions;
    }

    /** A group with what earlier assignments may have left in it: partitions that are gone, topics unsubscribed, and one partition held twice. */
    private record Given(List<Subscriber> members, Map<Uuid, Integer> counts) {
        static Given random(int seed, boolean alike) {
            Random random = new Random(seed);
            Map<Uuid, Integer> counts = new HashMap<>();
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                counts.put(topic(i), 1 + random.nextInt(9));
            }
            Set<Uuid> common = some(random, counts.keySet());
            List<Subscriber> members = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                Set<PartitionId> held = new HashSet<>();
                for (int j = 0; j < random.nextInt(12); j++) {
                    held.add(new PartitionId(topic(random.nextInt(5)), random.nextInt(10)));
                }
                members.add(member("m" + i, alike ? common : some(random, counts.keySet()), held));
            }
            return new Given(members, counts);
        }

        private static Set<Uuid> some(Random random, Set<Uuid> topics) {
            Set<Uuid> some = new HashSet<>();
            for (Uuid topic : topics) {
                if (random.nextInt(3) > 0) {
                    some.add(topic);
                }
            }
            return some;
        }

        Given holding(Map<String, Set<PartitionId>> assignment) {
            List<Subscriber> next = new ArrayList<>();
            for (Subscriber member : members) {
                next.add(member(member.memberId(), member.topics(), of(assignment, member)));
            }
            return new Given(next, counts);
        }
    }

    private static Set<PartitionId> of(Map<String, Set<PartitionId>> assignment, Subscriber member) {
        return Objects.requireNonNull(assignment.get(member.memberId()), member.memberId());
    }

    /** Every partition that somebody subscribes to has exactly one owner, which subscribes to it. */
    private static void assertComplete(Given given, Map<String, Set<PartitionId>> assignment) {
        Set<PartitionId> wanted = new HashSet<>();
        Set<PartitionId> given0 = new HashSet<>();
        for (Subscriber member : given.members()) {
            for (Uuid topic : member.topics()) {
                for (int i = 0; i < given.counts().getOrDefault(topic, 0); i++) {
                    wanted.add(new PartitionId(topic, i));
                }
            }
            for (PartitionId partition : of(assignment, member)) {
                assertThat(member.topics()).contains(partition.topicId());
                assertThat(given0.add(partition))
                        .as("%s has one owner", partition)
                        .isTrue();
            }
        }
        assertThat(given0).isEqualTo(wanted);
    }

    @Property
    void shouldGiveEachPartitionToOneSubscriber(@ForAll int seed, @ForAll boolean alike, @ForAll boolean asRange) {
        Given given = Given.random(seed, alike);

        assertComplete(given, (asRange ? range : uniform).assign(given.members(), given.counts()));
    }

    @Property
    void shouldGiveEverybodyEquallyManyWhenAllSubscribeToTheSame(@ForAll int seed) {
        Given given = Given.random(seed, true);

        Map<String, Set<PartitionId>> assignment = uniform.assign(given.members(), given.counts());

        List<Integer> sizes =
                assignment.values().stream().map(Set::size).sorted().toList();
        assertThat(sizes.get(sizes.size() - 1) - sizes.get(0)).isLessThanOrEqualTo(1);
    }

    @Property
    void shouldLeaveNoMoveThatWouldEvenOutMore(@ForAll int seed) {
        Given given = Given.random(seed, false);

        Map<String, Set<PartitionId>> assignment = uniform.assign(given.members(), given.counts());

        for (Subscriber holder : given.members()) {
            for (PartitionId partition : of(assignment, holder)) {
                for (Subscriber other : given.members()) {
                    if (other.topics().contains(partition.topicId())) {
                        assertThat(of(assignment, holder).size()
                                        - of(assignment, other).size())
                                .isLessThanOrEqualTo(1);
                    }
                }
            }
        }
    }

    @Property
    void shouldMoveNothingWhenNothingHasChanged(@ForAll int seed, @ForAll boolean alike) {
        Given given = Given.random(seed, alike);
        Map<String, Set<PartitionId>> assignment = uniform.assign(given.members(), given.counts());

        Given again = given.holding(assignment);

        assertThat(uniform.assign(again.members(), again.counts())).isEqualTo(assignment);
    }

    @Property
    void shouldMoveOnlyWhatANewMemberGets(
            @ForAll @IntRange(min = 1, max = 40) int count, @ForAll @IntRange(min = 1, max = 9) int size) {
        Map<Uuid, Integer> counts = Map.of(topic(1), count);
        List<Subscriber> members = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            members.add(member("m" + i, counts.keySet(), Set.of()));
        }
        Given before = new Given(members, counts);
        Given held = before.holding(uniform.assign(before.members(), counts));
        List<Subscriber> grown = new ArrayList<>(held.members());
        grown.add(member("late", counts.keySet(), Set.of()));
        grown.sort(Comparator.comparing(Subscriber::memberId));

        Map<String, Set<PartitionId>> after = uniform.assign(grown, counts);

        for (Subscriber member : held.members()) {
            assertThat(member.held()).containsAll(of(after, member));
        }
        assertThat(after.get("late")).hasSize(count / (size + 1));
    }

    @Test
    void shouldGiveTheSameNumbersOfEveryTopicByRange() {
        Set<Uuid> topics = Set.of(topic(1), topic(2));

        Map<String, Set<PartitionId>> assignment = range.assign(
                List.of(member("a", topics, Set.of()), member("b", topics, Set.of())),
                Map.of(topic(1), 3, topic(2), 3));

        assertThat(assignment.get("a")).containsAll(partitions(1, 0, 1)).containsAll(partitions(2, 0, 1));
        assertThat(assignment.get("b")).containsAll(partitions(1, 2)).containsAll(partitions(2, 2));
    }

    @Test
    void shouldOrderStaticMembersByTheirInstanceIdsFirst() {
        Set<Uuid> topics = Set.of(topic(1));

        Map<String, Set<PartitionId>> assignment = range.assign(
                List.of(
                        member("a", topics, Set.of()),
                        new Subscriber("b", "second", null, topics, Set.of()),
                        new Subscriber("c", "first", null, topics, Set.of())),
                Map.of(topic(1), 3));

        assertThat(assignment.get("c")).isEqualTo(partitions(1, 0));
        assertThat(assignment.get("b")).isEqualTo(partitions(1, 1));
        assertThat(assignment.get("a")).isEqualTo(partitions(1, 2));
    }
}
