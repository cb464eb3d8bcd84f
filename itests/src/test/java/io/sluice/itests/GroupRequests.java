package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;

/** The requests of members of classic and of consumer groups, right in all but what a test changes. */
final class GroupRequests {
    private static final short JOIN = 9;
    private static final short SYNC = 4; // before it must say the protocol

    private GroupRequests() {}

    /**
     * A member that is in.
     *
     * @param generation or its epoch
     */
    record Member(String id, int generation) {}

    static JoinGroupRequestData join(String group, String memberId) {
        return join(group, memberId, "range");
    }

    static JoinGroupRequestData join(String group, String memberId, String protocol) {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setProtocolType("consumer")
                .setSessionTimeoutMs(30_000)
                .setRebalanceTimeoutMs(30_000);
        ByteBuffer subscription = ConsumerProtocol.serializeSubscription(new Subscription(List.of("t")));
        byte[] metadata = new byte[subscription.remaining()];
        subscription.get(metadata);
        request.protocols().add(new JoinGroupRequestProtocol().setName(protocol).setMetadata(metadata));
        return request;
    }

    /** Joins an empty group, which it leads then; nothing is assigned yet. */
    static Member leader(RawClient client, JoinGroupRequestData request) throws Exception {
        JoinGroupResponseData response = (JoinGroupResponseData) client.ask(request, JOIN);
        if (request.groupInstanceId() == null && request.memberId().isEmpty()) {
            response = (JoinGroupResponseData) client.ask(request.setMemberId(response.memberId()), JOIN);
        }
        assertThat(response.errorCode()).isZero();
        return new Member(response.memberId(), response.generationId());
    }

    /** The only member of a classic group of consumers that is stable. */
    static Member joined(RawClient client, String group, String instanceId) throws Exception {
        return stable(client, join(group, "").setGroupInstanceId(instanceId));
    }

    static Member stable(RawClient client, JoinGroupRequestData request) throws Exception {
        Member member = leader(client, request);
        assertThat(ErrorCodes.of(client, sync(request.groupId(), member), SYNC)).isZero();
        return member;
    }

    /** That assigns nothing in particular. */
    static SyncGroupRequestData sync(String group, Member member) {
        return new SyncGroupRequestData()
                .setGroupId(group)
                .setMemberId(member.id())
                .setGenerationId(member.generation())
                .setProtocolType("consumer")
                .setProtocolName("range")
                .setAssignments(List.of(new SyncGroupRequestAssignment()
                        .setMemberId(member.id())
                        .setAssignment(new byte[] {1})));
    }

    static HeartbeatRequestData heartbeat(String group, Member member) {
        return new HeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(member.id())
                .setGenerationId(member.generation());
    }

    static LeaveGroupRequestData leave(String group, MemberIdentity member) {
        return new LeaveGroupRequestData().setGroupId(group).setMembers(List.of(member));
    }

    /** Of a member that joins a consumer group (KIP-848). */
    static ConsumerGroupHeartbeatRequestData consumerJoin(String group, String... topics) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(Uuid.randomUuid().toString())
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(60_000)
                .setSubscribedTopicNames(List.of(topics))
                .setTopicPartitions(List.of());
    }

    static ConsumerGroupHeartbeatRequestData consumerHeartbeat(String group, Member member) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(member.id())
                .setMemberEpoch(member.generation());
    }

    static Member consumer(RawClient client, String group, String topic) throws Exception {
        return consumer(client, consumerJoin(group, topic));
    }

    static Member consumer(RawClient client, ConsumerGroupHeartbeatRequestData request) throws Exception {
        ConsumerGroupHeartbeatResponseData response =
                (ConsumerGroupHeartbeatResponseData) client.ask(request, (short) 1);
        assertThat(response.errorCode()).as(response.errorMessage()).isZero();
        return new Member(response.memberId(), response.memberEpoch());
    }

    static OffsetCommitRequestData commit(String group, Member member, String topic) {
        return new OffsetCommitRequestData()
                .setGroupId(group)
                .setMemberId(member.id())
                .setGenerationIdOrMemberEpoch(member.generation())
                .setTopics(List.of(new OffsetCommitRequestTopic().setName(topic).setPartitions(List.of(offset("")))));
    }

    static OffsetCommitRequestPartition offset(String metadata) {
        return new OffsetCommitRequestPartition()
                .setPartitionIndex(0)
                .setCommittedOffset(1L)
                .setCommittedMetadata(metadata);
    }

    static OffsetFetchRequestData fetch(String group, Member member, String topic) {
        return new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestGroup()
                        .setGroupId(group)
                        .setMemberId(member.id())
                        .setMemberEpoch(member.generation())
                        .setTopics(List.of(
                                new OffsetFetchRequestTopics().setName(topic).setPartitionIndexes(List.of(0))))));
    }
}
