package io.sluice.broker.kernel;

import static io.sluice.broker.kernel.ErrorAnswers.each;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ConsumerGroupDescribeRequest;
import io.sluice.protocol.message.ConsumerGroupDescribeResponse;
import io.sluice.protocol.message.ConsumerGroupHeartbeatResponse;
import io.sluice.protocol.message.DeleteGroupsRequest;
import io.sluice.protocol.message.DeleteGroupsResponse;
import io.sluice.protocol.message.DescribeGroupsRequest;
import io.sluice.protocol.message.DescribeGroupsResponse;
import io.sluice.protocol.message.FindCoordinatorRequest;
import io.sluice.protocol.message.FindCoordinatorResponse;
import io.sluice.protocol.message.HeartbeatResponse;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.LeaveGroupResponse;
import io.sluice.protocol.message.ListGroupsResponse;
import io.sluice.protocol.message.OffsetCommitRequest;
import io.sluice.protocol.message.OffsetCommitResponse;
import io.sluice.protocol.message.OffsetDeleteResponse;
import io.sluice.protocol.message.OffsetFetchRequest;
import io.sluice.protocol.message.OffsetFetchResponse;
import io.sluice.protocol.message.StreamsGroupDescribeRequest;
import io.sluice.protocol.message.StreamsGroupDescribeResponse;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse;
import io.sluice.protocol.message.StreamsGroupTopologyDescriptionUpdateResponse;
import io.sluice.protocol.message.SyncGroupResponse;
import java.util.List;

/** The errors of the coordinators of groups: who gets one asks for the coordinator anew. */
final class GroupErrorAnswers {
    private static final int NOBODY = -1;
    private static final long NO_OFFSET = -1L;

    private GroupErrorAnswers() {}

    static void addTo(ErrorAnswers all) {
        addMembers(all);
        addOffsets(all);
        addDescriptions(all);
        ErrorCode error = ErrorCode.COORDINATOR_NOT_AVAILABLE;
        all.put(
                ApiKey.FIND_COORDINATOR,
                error,
                (request, code) ->
                        findCoordinator(request.read(new FindCoordinatorRequest()), request.version(), code));
        all.put(ApiKey.LIST_GROUPS, error, (request, code) -> new ListGroupsResponse().setErrorCode(code));
    }

    private static void addMembers(ErrorAnswers all) {
        ErrorCode error = ErrorCode.NOT_COORDINATOR;
        all.put(ApiKey.JOIN_GROUP, error, (request, code) -> new JoinGroupResponse().setErrorCode(code));
        all.put(ApiKey.SYNC_GROUP, error, (request, code) -> new SyncGroupResponse().setErrorCode(code));
        all.put(ApiKey.HEARTBEAT, error, (request, code) -> new HeartbeatResponse().setErrorCode(code));
        all.put(ApiKey.LEAVE_GROUP, error, (request, code) -> new LeaveGroupResponse().setErrorCode(code));
        all.put(ApiKey.CONSUMER_GROUP_HEARTBEAT, error, (request, code) -> new ConsumerGroupHeartbeatResponse()
                .setErrorCode(code));
        all.put(ApiKey.STREAMS_GROUP_HEARTBEAT, error, (request, code) -> new StreamsGroupHeartbeatResponse()
                .setErrorCode(code));
        all.put(
                ApiKey.STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE,
                error,
                (request, code) -> new StreamsGroupTopologyDescriptionUpdateResponse().setErrorCode(code));
    }

    private static void addOffsets(ErrorAnswers all) {
        ErrorCode error = ErrorCode.NOT_COORDINATOR;
        all.put(
                ApiKey.OFFSET_COMMIT,
                error,
                (request, code) -> offsetCommit(request.read(new OffsetCommitRequest()), code));
        all.put(
                ApiKey.OFFSET_FETCH,
                error,
                (request, code) -> offsetFetch(request.read(new OffsetFetchRequest()), request.version(), code));
        all.put(ApiKey.OFFSET_DELETE, error, (request, code) -> new OffsetDeleteResponse().setErrorCode(code));
    }

    private static void addDescriptions(ErrorAnswers all) {
        ErrorCode error = ErrorCode.NOT_COORDINATOR;
        all.put(
                ApiKey.DESCRIBE_GROUPS,
                error,
                (request, code) -> describe(request.read(new DescribeGroupsRequest()), code));
        all.put(
                ApiKey.CONSUMER_GROUP_DESCRIBE,
                error,
                (request, code) -> describe(request.read(new ConsumerGroupDescribeRequest()), code));
        all.put(
                ApiKey.STREAMS_GROUP_DESCRIBE,
                error,
                (request, code) -> describe(request.read(new StreamsGroupDescribeRequest()), code));
        all.put(ApiKey.DELETE_GROUPS, error, (request, code) -> delete(request.read(new DeleteGroupsRequest()), code));
    }

    private static FindCoordinatorResponse findCoordinator(FindCoordinatorRequest asked, short version, short code) {
        if (version < 4) {
            return new FindCoordinatorResponse()
                    .setErrorCode(code)
                    .setNodeId(NOBODY)
                    .setPort(NOBODY);
        }
        return new FindCoordinatorResponse()
                .setCoordinators(each(asked.coordinatorKeys(), key -> new FindCoordinatorResponse.Coordinator()
                        .setKey(key)
                        .setErrorCode(code)
                        .setNodeId(NOBODY)
                        .setPort(NOBODY)));
    }

    private static OffsetCommitResponse offsetCommit(OffsetCommitRequest asked, short code) {
        return new OffsetCommitResponse()
                .setTopics(each(asked.topics(), topic -> new OffsetCommitResponse.OffsetCommitResponseTopic()
                        .setName(topic.name())
                        .setTopicId(topic.topicId())
                        .setPartitions(each(
                                topic.partitions(),
                                partition -> new OffsetCommitResponse.OffsetCommitResponsePartition()
                                        .setPartitionIndex(partition.partitionIndex())
                                        .setErrorCode(code)))));
    }

    private static OffsetFetchResponse offsetFetch(OffsetFetchRequest asked, short version, short code) {
        if (version < 2) {
            return offsetFetchByPartition(asked, code);
        }
        if (version < 8) {
            return new OffsetFetchResponse().setErrorCode(code);
        }
        return new OffsetFetchResponse()
                .setGroups(each(asked.groups(), group -> new OffsetFetchResponse.OffsetFetchResponseGroup()
                        .setGroupId(group.groupId())
                        .setErrorCode(code)));
    }

    private static OffsetFetchResponse offsetFetchByPartition(OffsetFetchRequest asked, short code) {
        List<OffsetFetchRequest.OffsetFetchRequestTopic> topics = asked.topics();
        return new OffsetFetchResponse()
                .setTopics(each(
                        topics == null ? List.of() : topics, topic -> new OffsetFetchResponse.OffsetFetchResponseTopic()
                                .setName(topic.name())
                                .setPartitions(each(
                                        topic.partitionIndexes(),
                                        partition -> new OffsetFetchResponse.OffsetFetchResponsePartition()
                                                .setPartitionIndex(partition)
                                                .setCommittedOffset(NO_OFFSET)
                                                .setMetadata("")
                                                .setErrorCode(code)))));
    }

    private static DescribeGroupsResponse describe(DescribeGroupsRequest asked, short code) {
        return new DescribeGroupsResponse()
                .setGroups(each(asked.groups(), id -> new DescribeGroupsResponse.DescribedGroup()
                        .setGroupId(id)
                        .setErrorCode(code)));
    }

    private static ConsumerGroupDescribeResponse describe(ConsumerGroupDescribeRequest asked, short code) {
        return new ConsumerGroupDescribeResponse()
                .setGroups(each(asked.groupIds(), id -> new ConsumerGroupDescribeResponse.DescribedGroup()
                        .setGroupId(id)
                        .setErrorCode(code)));
    }

    private static StreamsGroupDescribeResponse describe(StreamsGroupDescribeRequest asked, short code) {
        return new StreamsGroupDescribeResponse()
                .setGroups(each(asked.groupIds(), id -> new StreamsGroupDescribeResponse.DescribedGroup()
                        .setGroupId(id)
                        .setErrorCode(code)));
    }

    private static DeleteGroupsResponse delete(DeleteGroupsRequest asked, short code) {
        return new DeleteGroupsResponse()
                .setResults(each(asked.groupsNames(), id -> new DeleteGroupsResponse.DeletableGroupResult()
                        .setGroupId(id)
                        .setErrorCode(code)));
    }
}
