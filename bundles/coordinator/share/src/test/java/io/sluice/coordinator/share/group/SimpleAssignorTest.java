package io.sluice.coordinator.share.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.RandomSource;
import io.sluice.base.Uuid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SimpleAssignorTest {
    private static final Uuid TOPIC = new Uuid(0L, 1L);

    private static PartitionSet partitions(int count) {
        Set<Integer> numbers = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            numbers.add(i);
        }
        return PartitionSet.of(Map.of(TOPIC, numbers));
    }

    private static List<SimpleAssignor.Reader> readers(int count, Map<String, PartitionSet> present) {
        List<SimpleAssignor.Reader> readers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = "m" + i;
            readers.add(new SimpleAssignor.Reader(id, Set.of(TOPIC), present.getOrDefault(id, PartitionSet.EMPTY)));
        }
        return readers;
    }

    private static int count(PartitionSet set) {
        return set.byTopic().values().stream().mapToInt(Set::size).sum();
    }

    @Test
    void shouldLetSeveralMembersShareTheOnlyPartition() {
        Map<String, PartitionSet> given = SimpleAssignor.assign(readers(3, Map.of()), partitions(1));
        assertThat(given.values()).allSatisfy(set -> assertThat(count(set)).isEqualTo(1));
    }

    @Test
    void shouldGiveEachMemberItsPart() {
        Map<String, PartitionSet> given = SimpleAssignor.assign(readers(2, Map.of()), partitions(6));
        assertThat(given.values()).allSatisfy(set -> assertThat(count(set)).isEqualTo(3));
    }

    @Test
    void shouldLeaveMembersWhatTheyHaveWhenOneComes() {
        Map<String, PartitionSet> before = SimpleAssignor.assign(readers(2, Map.of()), partitions(6));
        Map<String, PartitionSet> after = SimpleAssignor.assign(readers(3, before), partitions(6));
        for (String id : List.of("m0", "m1")) {
            PartitionSet now = after.getOrDefault(id, PartitionSet.EMPTY);
            assertThat(count(now)).isEqualTo(2);
            assertThat(before.getOrDefault(id, PartitionSet.EMPTY).of(TOPIC)).containsAll(now.of(TOPIC));
        }
    }

    @Property(tries = 300)
    void shouldLeaveNoPartitionUnreadAndNobodyIdle(@ForAll long seed) {
        RandomSource random = RandomSource.seeded(seed);
        Map<Uuid, Set<Integer>> topics = new HashMap<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            topics.put(new Uuid(0L, i), partitions(1 + random.nextInt(8)).of(TOPIC));
        }
        PartitionSet all = PartitionSet.of(topics);
        List<SimpleAssignor.Reader> readers = new ArrayList<>();
        Set<Uuid> subscribed = new HashSet<>();
        for (int i = 1 + random.nextInt(12); i > 0; i--) {
            Set<Uuid> wants = new HashSet<>();
            for (Uuid topic : topics.keySet()) {
                if (random.nextInt(2) == 0) {
                    wants.add(topic);
                }
            }
            subscribed.addAll(wants);
            readers.add(new SimpleAssignor.Reader("m" + i, wants, PartitionSet.EMPTY));
        }
        Map<String, PartitionSet> given = SimpleAssignor.assign(readers, all);
        Map<Uuid, Set<Integer>> read = new HashMap<>();
        for (SimpleAssignor.Reader reader : readers) {
            PartitionSet set = given.getOrDefault(reader.memberId(), PartitionSet.EMPTY);
            assertThat(reader.topics()).containsAll(set.byTopic().keySet());
            set.byTopic().forEach((topic, numbers) -> read.computeIfAbsent(topic, id -> new TreeSet<>())
                    .addAll(numbers));
        }
        for (Uuid topic : subscribed) {
            assertThat(read.get(topic)).isEqualTo(all.of(topic));
        }
    }
}
