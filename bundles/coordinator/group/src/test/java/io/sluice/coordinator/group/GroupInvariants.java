package io.sluice.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.TopicPartition;
import io.sluice.coordinator.group.classic.ClassicGroup;
import io.sluice.coordinator.group.classic.GroupState;
import io.sluice.coordinator.group.classic.Member;
import io.sluice.coordinator.group.record.CommittedOffset;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.JoinGroupResponse.JoinGroupResponseMember;
import io.sluice.protocol.message.SyncGroupResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold of a group whatever its members, the coordinator and the log do. */
final class GroupInvariants {
    private final SimulatedGroups groups;
    private final Map<String, Long> attempted = new HashMap<>();
    private final Map<String, Long> acknowledged = new HashMap<>();
    private final Map<Integer, String> leaders = new HashMap<>();
    private final Map<Integer, Set<String>> leadersEver = new HashMap<>();
    private @Nullable GroupShard seen;
    private int generation;
    private int assignedGeneration;
    int assignments;
    int acknowledgements;

    GroupInvariants(SimulatedGroups groups) {
        this.groups = groups;
    }

    /** Offsets that are committed for a topic only ever rise. */
    long nextOffset(String topic) {
        return attempted.merge(topic, 1L, Long::sum);
    }

    void acknowledged(String topic, long offset) {
        acknowledgements++;
        acknowledged.merge(topic, offset, Math::max);
    }

    /** A client is told a leader that the generation has had. */
    void joined(JoinGroupResponse response) {
        Set<String> had = leadersEver.get(response.generationId());
        if (had != null) {
            assertThat(had)
                    .as("leaders of generation " + response.generationId())
                    .contains(identity(response.leader()));
        }
    }

    /** One generation has one leader, as long as the coordinator keeps its state. Members with an instance id may change their member id. */
    private void checkLeader(ClassicGroup group) {
        if (group.is(GroupState.COMPLETING_REBALANCE) || group.is(GroupState.STABLE)) {
            String leader = identity(Objects.requireNonNull(group.leaderId()));
            leadersEver
                    .computeIfAbsent(group.generation(), g -> new HashSet<>())
                    .add(leader);
            assertThat(leaders.computeIfAbsent(group.generation(), g -> leader))
                    .as("leader of generation " + group.generation())
                    .isEqualTo(leader);
        }
    }

    private String identity(String memberId) {
        int dash = memberId.indexOf('-');
        return memberId.startsWith("instance") ? memberId.substring(0, dash) : memberId;
    }

    String assignmentFor(int ofGeneration, JoinGroupResponseMember member) {
        return ofGeneration + "/" + identity(member.memberId());
    }

    /** A member is given what the leader of its generation assigned to it. */
    void assigned(int ofGeneration, String memberId, SyncGroupResponse response) {
        assignments++;
        assignedGeneration = Math.max(assignedGeneration, ofGeneration);
        assertThat(SimulatedGroups.text(response.assignment())).isEqualTo(ofGeneration + "/" + identity(memberId));
    }

    /** Looks at the state after an event. */
    void check() {
        GroupShard shard = groups.peek();
        if (shard == null) {
            return;
        }
        ClassicGroup group = shard.groups().find(SimulatedGroups.GROUP);
        int now = group == null ? 0 : group.generation();
        if (shard != seen) {
            seen = shard;
            leaders.clear();
            assertThat(now).as("generation after a load").isGreaterThanOrEqualTo(assignedGeneration);
        } else {
            assertThat(now).as("generation").isGreaterThanOrEqualTo(generation);
        }
        generation = now;
        if (group != null) {
            checkMembers(group);
            checkLeader(group);
        }
        checkOffsets(shard);
        boolean quiet = groups.scheduler.isIdle()
                && groups.partitions.log(0).highWatermark()
                        == groups.partitions.log(0).endOffset();
        if (quiet) {
            checkReplay(shard);
        }
    }

    private static void checkMembers(ClassicGroup group) {
        if (group.is(GroupState.EMPTY)) {
            assertThat(group.members()).isEmpty();
            assertThat(group.leaderId()).isNull();
        }
        if (group.is(GroupState.STABLE)) {
            assertThat(group.member(Objects.requireNonNull(group.leaderId()))).isNotNull();
            for (Member member : group.members()) {
                assertThat(member.assignment()).as("assignment of " + member).isNotEmpty();
            }
        }
    }

    private void checkOffsets(GroupShard shard) {
        acknowledged.forEach((topic, offset) -> {
            CommittedOffset present = shard.offsets().find(SimulatedGroups.GROUP, new TopicPartition(topic, 0));
            assertThat(present).as("offset of " + topic).isNotNull();
            assertThat(present.offset()).isBetween(offset, attempted.get(topic));
        });
    }

    private void checkReplay(GroupShard live) {
        GroupShard replayed = groups.replayed();
        assertThat(replayed.offsets().of(SimulatedGroups.GROUP))
                .isEqualTo(live.offsets().of(SimulatedGroups.GROUP));
        ClassicGroup group = live.groups().find(SimulatedGroups.GROUP);
        if (group == null || !(group.is(GroupState.STABLE) || group.is(GroupState.EMPTY))) {
            return;
        }
        ClassicGroup other = Objects.requireNonNull(replayed.groups().find(SimulatedGroups.GROUP));
        assertThat(other.state()).isEqualTo(group.state());
        assertThat(other.generation()).isEqualTo(group.generation());
        assertThat(other.leaderId()).isEqualTo(group.leaderId());
        assertThat(other.protocolName()).isEqualTo(group.protocolName());
        assertThat(other.size()).isEqualTo(group.size());
        for (Member member : group.members()) {
            Member found = Objects.requireNonNull(other.member(member.memberId()));
            assertThat(found.assignment()).isEqualTo(member.assignment());
            assertThat(found.instanceId()).isEqualTo(member.instanceId());
            assertThat(found.sessionTimeoutMs()).isEqualTo(member.sessionTimeoutMs());
            assertThat(found.metadata(group.protocolName())).isEqualTo(member.metadata(group.protocolName()));
        }
    }
}
