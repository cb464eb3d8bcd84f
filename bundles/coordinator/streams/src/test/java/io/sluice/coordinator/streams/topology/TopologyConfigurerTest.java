package io.sluice.coordinator.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.request.kit.MemoryMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TopologyConfigurerTest {
    private final MemoryMetadata metadata = new MemoryMetadata();

    private static InternalTopic internal(String name, int partitions) {
        return InternalTopic.of(name, partitions, (short) 0, Map.of());
    }

    private static Subtopology part(
            String id,
            List<String> sources,
            List<InternalTopic> repartitions,
            List<String> sinks,
            CopartitionGroup... groups) {
        return new Subtopology(id, sources, repartitions, sinks, List.of(), List.of(groups));
    }

    private ConfiguredTopology configure(Subtopology... subtopologies) {
        return TopologyConfigurer.configure(new Topology(0, List.of(subtopologies)), metadata.image());
    }

    private static TopicProblem problem(ConfiguredTopology topology) {
        return Objects.requireNonNull(topology.problem());
    }

    @Test
    void shouldGiveRepartitionTopicsAsManyPartitionsAsTheLargestInputOfTheirWriters() {
        metadata.topic("small", 2);
        metadata.topic("large", 7);
        ConfiguredTopology topology = configure(
                part("0", List.of("small", "large"), List.of(), List.of("r1")),
                part("1", List.of(), List.of(internal("r1", 0)), List.of("r2")),
                part("2", List.of(), List.of(internal("r2", 0)), List.of()));
        assertThat(topology.missing().get("r1").partitions()).isEqualTo(7);
        assertThat(topology.missing().get("r2").partitions()).isEqualTo(7);
        assertThat(topology.taskCounts()).isEqualTo(Map.of("0", 7, "1", 7, "2", 7));
        assertThat(problem(topology).status()).isEqualTo(GroupStatus.MISSING_INTERNAL_TOPICS);
        assertThat(problem(topology).detail()).isEqualTo("Internal topics are missing: r1, r2");
    }

    @Test
    void shouldKeepTheNumberThatTheApplicationNames() {
        metadata.topic("in", 2);
        ConfiguredTopology topology = configure(
                part("0", List.of("in"), List.of(), List.of("r")),
                part("1", List.of(), List.of(internal("r", 5)), List.of()));
        assertThat(topology.missing().get("r").partitions()).isEqualTo(5);
        assertThat(topology.taskCount("1")).isEqualTo(5);
    }

    @Test
    void shouldGiveJoinedTopicsTheSameNumber() {
        metadata.topic("in", 2);
        metadata.topic("table", 6);
        ConfiguredTopology topology = configure(
                part("0", List.of("in"), List.of(), List.of("r")),
                part(
                        "1",
                        List.of("table"),
                        List.of(internal("r", 0)),
                        List.of(),
                        new CopartitionGroup(List.of((short) 0), List.of((short) 0))));
        assertThat(topology.missing().get("r").partitions()).isEqualTo(6);
    }

    @Test
    void shouldTellThatJoinedTopicsDiffer() {
        metadata.topic("a", 2);
        metadata.topic("b", 3);
        CopartitionGroup both = new CopartitionGroup(List.of((short) 0, (short) 1), List.of());
        ConfiguredTopology topology = configure(part("0", List.of("a", "b"), List.of(), List.of(), both));
        assertThat(problem(topology).status()).isEqualTo(GroupStatus.INCORRECTLY_PARTITIONED_TOPICS);
        CopartitionGroup fixed = new CopartitionGroup(List.of((short) 0), List.of((short) 0));
        ConfiguredTopology other = configure(part("0", List.of("a"), List.of(internal("r", 4)), List.of("r"), fixed));
        assertThat(problem(other).status()).isEqualTo(GroupStatus.INCORRECTLY_PARTITIONED_TOPICS);
        assertThat(problem(other).detail()).contains("[4]").contains("[r]").contains("[2]");
    }

    @Test
    void shouldTellThatSourcesAreMissing() {
        ConfiguredTopology topology =
                configure(part("0", List.of("t1", "t2", "t3", "t4", "t5", "t6"), List.of(), List.of()));
        assertThat(problem(topology).status()).isEqualTo(GroupStatus.MISSING_SOURCE_TOPICS);
        assertThat(problem(topology).detail()).contains("t1, t2, t3, t4, t5, and 1 additional topics");
    }

    @Test
    void shouldTellThatNobodyWritesToARepartitionTopic() {
        ConfiguredTopology topology = configure(part("0", List.of(), List.of(internal("r", 0)), List.of()));
        assertThat(topology.isReady()).isFalse();
    }

    @Test
    void shouldCountTopicsThatDependOnEachOtherByWhatIsKnown() {
        metadata.topic("in", 3);
        ConfiguredTopology topology = configure(part("0", List.of("in"), List.of(internal("r", 0)), List.of("r")));
        assertThat(topology.missing().get("r").partitions()).isEqualTo(3);
        ConfiguredTopology loop = configure(
                part("0", List.of(), List.of(internal("r1", 0)), List.of("r2")),
                part("1", List.of(), List.of(internal("r2", 0)), List.of("r1")));
        assertThat(loop.isReady()).isFalse();
        assertThat(loop.missing()).isEmpty();
    }

    @Test
    void shouldNoticeThatTopicsHaveChanged() {
        Topology topology = new Topology(0, List.of(part("0", List.of("in"), List.of(), List.of())));
        assertThat(TopologyConfigurer.hash(topology, metadata.image())).isZero();
        metadata.topic("in", 2);
        long two = TopologyConfigurer.hash(topology, metadata.image());
        metadata.topic("in", 3);
        assertThat(TopologyConfigurer.hash(topology, metadata.image()))
                .isNotEqualTo(two)
                .isNotZero();
    }

    /** Each of them follows from the next, so that they can be told one at a time. */
    @Test
    @Timeout(30)
    void shouldTellTheNumbersOfThousandsOfRepartitionTopics() {
        metadata.topic("in", 3);
        int length = 3_000;
        List<Subtopology> parts = new ArrayList<>();
        for (int i = 0; i < length - 1; i++) {
            parts.add(part(
                    String.format("%05d", i),
                    List.of(),
                    List.of(internal("r" + i, 0)),
                    i == 0 ? List.of() : List.of("r" + (i - 1))));
        }
        parts.add(part("last", List.of("in"), List.of(), List.of("r" + (length - 2))));
        ConfiguredTopology topology = configure(parts.toArray(new Subtopology[0]));
        assertThat(topology.missing()).hasSize(length - 1);
        assertThat(topology.missing().get("r0").partitions()).isEqualTo(3);
    }
}
