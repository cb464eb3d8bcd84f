package io.sluice.coordinator.group;

import static io.sluice.coordinator.group.SimulatedGroups.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.coordinator.api.AssignableTopic;
import io.sluice.coordinator.api.ConsumerAssignor;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.api.Subscriber;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What groups have of their own: configuration, and assignors of other bundles. */
class GroupConfigurationTest {
    private final SimulatedGroups groups = new SimulatedGroups(29L);

    GroupConfigurationTest() {
        groups.config.put("group.consumer.assignment.interval.ms", "0");
        groups.metadata.topic("t", 4);
    }

    private void configure(Map<String, String> values) {
        groups.metadata.config(new ConfigResource(ConfigResource.Type.GROUP, GROUP), values);
    }

    private SimulatedConsumer consumer(String memberId) {
        return new SimulatedConsumer(groups, memberId, null, "t");
    }

    private boolean isMember(String memberId) {
        return groups.ask(shard ->
                Objects.requireNonNull(shard.consumerGroups().find(GROUP)).member(memberId) != null);
    }

    @Test
    void shouldObeyTheSessionTimeoutAndTheHeartbeatIntervalOfTheGroup() {
        configure(Map.of("consumer.session.timeout.ms", "50000", "consumer.heartbeat.interval.ms", "7000"));
        SimulatedConsumer a = consumer("a");
        assertThat(a.beat().heartbeatIntervalMs()).isEqualTo(7_000);

        groups.scheduler.advance(49_999);
        assertThat(isMember("a")).isTrue();
        groups.scheduler.advance(1);
        assertThat(isMember("a")).isFalse();
    }

    @Test
    void shouldObeyAChangeFromTheNextHeartbeatOn() {
        SimulatedConsumer a = consumer("a");
        assertThat(a.beat().heartbeatIntervalMs()).isEqualTo(5_000);
        configure(Map.of("consumer.session.timeout.ms", "60000", "consumer.heartbeat.interval.ms", "8000"));

        assertThat(a.beat().heartbeatIntervalMs()).isEqualTo(8_000);
        groups.scheduler.advance(59_999);
        assertThat(isMember("a")).isTrue();
    }

    @Test
    void shouldObeyTheAssignmentIntervalOfTheGroup() {
        configure(Map.of("consumer.assignment.interval.ms", "5000"));
        SimulatedConsumer a = consumer("a");
        SimulatedConsumer b = consumer("b");
        SimulatedConsumer c = consumer("c");
        a.beat();
        b.beat();
        c.beat();
        int target = groups.ask(shard ->
                Objects.requireNonNull(shard.consumerGroups().find(GROUP)).targetEpoch());
        int epoch = groups.ask(shard ->
                Objects.requireNonNull(shard.consumerGroups().find(GROUP)).epoch());
        assertThat(target).isLessThan(epoch);

        groups.scheduler.advance(5_000);
        a.beat();

        assertThat(groups.<Integer>ask(
                        shard -> Objects.requireNonNull(shard.consumerGroups().find(GROUP))
                                .targetEpoch()))
                .isEqualTo(epoch);
    }

    /** Gives everything to the member whose rack it is in, or else to the last member. */
    private static final class LastTakesAll implements ConsumerAssignor {
        List<Subscriber> seen = List.of();
        Map<Uuid, AssignableTopic> topics = Map.of();
        boolean wrong;
        boolean broken;

        @Override
        public String name() {
            return "last";
        }

        @Override
        public Map<String, Set<PartitionId>> assign(List<Subscriber> members, Map<Uuid, AssignableTopic> described) {
            seen = members;
            topics = described;
            if (broken) {
                throw new IllegalStateException("as the test wants it");
            }
            Map<String, Set<PartitionId>> assignment = new HashMap<>();
            Set<PartitionId> all = new TreeSet<>();
            described.forEach((id, topic) -> {
                for (int i = 0; i < topic.partitionCount(); i++) {
                    all.add(new PartitionId(id, i));
                }
            });
            assignment.put(members.get(members.size() - 1).memberId(), all);
            if (wrong) {
                assignment.put(members.get(0).memberId(), all);
            }
            return assignment;
        }
    }

    @Test
    void shouldUseAnAssignorOfAnotherBundleThatTheConfigurationNames() {
        LastTakesAll assignor = new LastTakesAll();
        groups.assignors.add(assignor);
        SimulatedConsumer a = consumer("a");
        a.assignor = "last";
        a.beat();
        assertThat(a.lastError).isEqualTo(ErrorCode.UNSUPPORTED_ASSIGNOR);

        groups.config.put("group.consumer.assignors", "range,last");
        a.beat();
        assertThat(a.lastError).isEqualTo(ErrorCode.NONE);
        SimulatedConsumer z = consumer("z");
        z.assignor = "last";
        for (int i = 0; i < 4; i++) {
            a.beat();
            z.beat();
        }
        assertThat(z.owned).hasSize(4);
        assertThat(a.owned).isEmpty();
        assertThat(assignor.seen).extracting(Subscriber::memberId).containsExactly("a", "z");
        assertThat(groups.<String>ask(
                        shard -> shard.descriptions().describe(GROUP).assignorName()))
                .isEqualTo("last");

        groups.assignors.remove(assignor);
        z.subscribe("t", "u");
        for (int i = 0; i < 4; i++) {
            a.beat();
            z.assignor = null;
            z.beat();
        }
        assertThat(a.owned).as("without it the first that is named is used").hasSize(2);
    }

    @Test
    void shouldLeaveTheGroupAsItIsWhenAnAssignorIsWrong() {
        LastTakesAll assignor = new LastTakesAll();
        groups.config.put("group.consumer.assignors", "last");
        groups.assignors.add(assignor);
        SimulatedConsumer a = consumer("a");
        a.beat();
        assertThat(a.owned).hasSize(4);
        SimulatedConsumer b = consumer("b");
        assignor.broken = true;
        b.beat();
        assertThat(b.lastError).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(isMember("b")).isFalse();
        assignor.broken = false;
        assignor.wrong = true;
        b.beat();
        assertThat(b.lastError).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(isMember("b")).isFalse();
        a.beat();
        assertThat(a.lastError).isEqualTo(ErrorCode.NONE);
        assertThat(a.owned).hasSize(4);
    }

    @Test
    void shouldTellAssignorsOfRacksAndAssignAnewWhenTheyChange() {
        LastTakesAll assignor = new LastTakesAll();
        groups.config.put("group.consumer.assignors", "last");
        groups.assignors.add(assignor);
        groups.metadata.broker(1, false, "east");
        SimulatedConsumer a = consumer("a");
        a.beat();
        AssignableTopic topic = assignor.topics.values().iterator().next();
        assertThat(topic.partitionCount()).isEqualTo(4);
        assertThat(topic.racks()).containsOnly(Set.of("east"));
        int epoch = a.epoch;

        groups.metadata.broker(1, false, "west");
        groups.submit(new Pending<Void>(), (shard, turn) -> shard.topicsChanged(turn));
        groups.scheduler.runUntilIdle();
        a.beat();

        assertThat(a.epoch).isGreaterThan(epoch);
        assertThat(assignor.topics.values().iterator().next().racks()).containsOnly(Set.of("west"));
    }
}
