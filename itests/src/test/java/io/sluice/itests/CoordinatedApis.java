package io.sluice.itests;

import io.sluice.itests.GroupRequests.Member;
import io.sluice.itests.TransactionRequests.Producer;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupTopologyDescriptionUpdateRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** The APIs that a coordinator answers, with a request of each that is right in all but for whom it is. */
final class CoordinatedApis {
    private static final Member MEMBER = new Member("member", 1);
    private static final String TOPIC = "t";

    private CoordinatedApis() {}

    /**
     * One API in one version.
     *
     * @param request by group or transactional id
     */
    record Coordinated(ApiKeys api, int version, Function<String, ApiMessage> request) {}

    /** By group id. */
    static List<Coordinated> ofGroups() {
        return List.of(
                new Coordinated(ApiKeys.JOIN_GROUP, 9, id -> GroupRequests.join(id, "")),
                new Coordinated(ApiKeys.SYNC_GROUP, 5, id -> GroupRequests.sync(id, MEMBER)),
                new Coordinated(ApiKeys.HEARTBEAT, 4, id -> GroupRequests.heartbeat(id, MEMBER)),
                new Coordinated(
                        ApiKeys.LEAVE_GROUP, 5, id -> GroupRequests.leave(id, new MemberIdentity().setMemberId("m"))),
                new Coordinated(ApiKeys.OFFSET_COMMIT, 9, id -> GroupRequests.commit(id, MEMBER, TOPIC)),
                new Coordinated(ApiKeys.OFFSET_FETCH, 9, id -> GroupRequests.fetch(id, new Member("", -1), TOPIC)),
                new Coordinated(ApiKeys.OFFSET_DELETE, 0, id -> new OffsetDeleteRequestData().setGroupId(id)),
                new Coordinated(
                        ApiKeys.DELETE_GROUPS, 2, id -> new DeleteGroupsRequestData().setGroupsNames(List.of(id))),
                new Coordinated(
                        ApiKeys.DESCRIBE_GROUPS, 5, id -> new DescribeGroupsRequestData().setGroups(List.of(id))),
                new Coordinated(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, id -> GroupRequests.consumerJoin(id, TOPIC)),
                new Coordinated(ApiKeys.CONSUMER_GROUP_DESCRIBE, 1, id -> new ConsumerGroupDescribeRequestData()
                        .setGroupIds(List.of(id))),
                new Coordinated(ApiKeys.SHARE_GROUP_HEARTBEAT, 1, id -> ShareRequests.join(id, TOPIC)),
                new Coordinated(ApiKeys.SHARE_GROUP_DESCRIBE, 1, id -> new ShareGroupDescribeRequestData()
                        .setGroupIds(List.of(id))),
                new Coordinated(ApiKeys.ALTER_SHARE_GROUP_OFFSETS, 0, id -> ShareRequests.alter(id, TOPIC)),
                new Coordinated(ApiKeys.DELETE_SHARE_GROUP_OFFSETS, 0, id -> ShareRequests.delete(id, TOPIC)),
                new Coordinated(ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS, 1, id -> ShareRequests.describe(id, TOPIC)),
                new Coordinated(ApiKeys.STREAMS_GROUP_HEARTBEAT, 1, id -> new StreamsGroupHeartbeatRequestData()
                        .setGroupId(id)
                        .setMemberId("m")
                        .setMemberEpoch(1)),
                new Coordinated(ApiKeys.STREAMS_GROUP_DESCRIBE, 1, id -> new StreamsGroupDescribeRequestData()
                        .setGroupIds(List.of(id))));
    }

    static ApiMessage topologyDescription(String group) {
        return new StreamsGroupTopologyDescriptionUpdateRequestData()
                .setGroupId(group)
                .setMemberId("m")
                .setTopologyDescription(new StreamsGroupTopologyDescriptionUpdateRequestData.TopologyDescription());
    }

    /** By transactional id. */
    static List<Coordinated> ofTransactions() {
        return List.of(
                new Coordinated(ApiKeys.INIT_PRODUCER_ID, 4, TransactionRequests::init),
                new Coordinated(
                        ApiKeys.ADD_PARTITIONS_TO_TXN, 3, id -> TransactionRequests.add(producer(id), TOPIC, 0)),
                new Coordinated(ApiKeys.ADD_OFFSETS_TO_TXN, 3, id -> TransactionRequests.addOffsets(producer(id), "g")),
                new Coordinated(ApiKeys.END_TXN, 4, id -> TransactionRequests.end(producer(id), true)),
                new Coordinated(
                        ApiKeys.TXN_OFFSET_COMMIT, 4, id -> TransactionRequests.commit(producer(id), "g", TOPIC)),
                new Coordinated(ApiKeys.DESCRIBE_TRANSACTIONS, 0, id -> new DescribeTransactionsRequestData()
                        .setTransactionalIds(List.of(id))));
    }

    static Producer producer(String transactionalId) {
        return new Producer(transactionalId, 1L, (short) 0);
    }

    /** By group id; the topic's is given. */
    static List<Coordinated> ofShareStates(Uuid topic) {
        return List.of(
                new Coordinated(ApiKeys.READ_SHARE_GROUP_STATE, 0, id -> ShareRequests.read(id, topic, 1)),
                new Coordinated(ApiKeys.READ_SHARE_GROUP_STATE_SUMMARY, 1, id -> ShareRequests.summarize(id, topic, 1)),
                new Coordinated(ApiKeys.WRITE_SHARE_GROUP_STATE, 1, id -> ShareRequests.write(id, topic, 1, 1)),
                new Coordinated(ApiKeys.DELETE_SHARE_GROUP_STATE, 0, id -> ShareRequests.deleteState(id, topic)),
                new Coordinated(ApiKeys.INITIALIZE_SHARE_GROUP_STATE, 0, id -> ShareRequests.initialize(id, topic, 1)));
    }
}
