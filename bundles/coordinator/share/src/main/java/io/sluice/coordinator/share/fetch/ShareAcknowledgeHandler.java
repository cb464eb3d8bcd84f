package io.sluice.coordinator.share.fetch;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.coordinator.share.ShareCoordinator;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ShareAcknowledgeRequest;
import io.sluice.protocol.message.ShareAcknowledgeResponse;
import io.sluice.protocol.message.ShareAcknowledgeResponse.LeaderIdAndEpoch;
import io.sluice.protocol.message.ShareAcknowledgeResponse.NodeEndpoint;
import io.sluice.protocol.message.ShareAcknowledgeResponse.PartitionData;
import io.sluice.protocol.message.ShareAcknowledgeResponse.ShareAcknowledgeTopicResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** ShareAcknowledge (KIP-932): what a member says of records that it has, when it asks for no others. The last one ends its session. */
@Component(service = ApiHandler.class)
public final class ShareAcknowledgeHandler implements ApiHandler {
    private final ShareCoordinator coordinator;

    @Activate
    public ShareAcknowledgeHandler(@Reference ShareCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey api() {
        return ApiKey.SHARE_ACKNOWLEDGE;
    }

    @Override
    public void handle(Request request) {
        ShareAcknowledgeRequest asked = request.read(new ShareAcknowledgeRequest());
        String groupId = asked.groupId();
        String memberId = asked.memberId();
        ErrorCode error = MemberCheck.errorOf(request, groupId, memberId);
        if (error != ErrorCode.NONE || groupId == null || memberId == null) {
            refuse(request, error, null);
            return;
        }
        ShareSession.Key member = new ShareSession.Key(groupId, memberId);
        boolean isFinal = asked.shareSessionEpoch() == ShareSessions.FINAL_EPOCH;
        error = enter(member, asked.shareSessionEpoch(), request.connectionId());
        if (error != ErrorCode.NONE) {
            refuse(request, error, null);
            return;
        }
        RequestedAcknowledgements acknowledgements = RequestedAcknowledgements.of(asked);
        Map<TopicIdPartition, Map.Entry<Short, String>> results = RequestedAcknowledgements.noResults();
        String listener = request.peer().listenerName();
        acknowledgements.submit(coordinator, request, member, asked.isRenewAck(), results, () -> {
            if (isFinal) {
                coordinator.sessions().end(member);
            }
            request.respond(response(acknowledgements, results, listener, member.groupId()));
        });
    }

    private ErrorCode enter(ShareSession.Key member, int epoch, long connectionId) {
        if (epoch == ShareSessions.INITIAL_EPOCH) {
            return ErrorCode.INVALID_SHARE_SESSION_EPOCH;
        }
        if (epoch == ShareSessions.FINAL_EPOCH) {
            return coordinator.sessions().find(member) == null ? ErrorCode.SHARE_SESSION_NOT_FOUND : ErrorCode.NONE;
        }
        return coordinator.sessions().next(member, epoch, connectionId).error();
    }

    private ShareAcknowledgeResponse response(
            RequestedAcknowledgements acknowledgements,
            Map<TopicIdPartition, Map.Entry<Short, String>> results,
            String listener,
            String groupId) {
        Leaders leaders = new Leaders(coordinator.image(), listener);
        Map<Uuid, ShareAcknowledgeTopicResponse> topics = new LinkedHashMap<>();
        for (TopicIdPartition partition : acknowledgements.partitions()) {
            Map.Entry<Short, String> result = results.get(partition);
            ErrorCode error = result == null ? ErrorCode.UNKNOWN_SERVER_ERROR : ErrorCode.of(result.getKey());
            PartitionData data = new PartitionData()
                    .setPartitionIndex(partition.partition())
                    .setErrorCode(error.code())
                    .setErrorMessage(result == null || result.getValue().isEmpty() ? null : result.getValue());
            PartitionImage leader = error == ErrorCode.NOT_LEADER_OR_FOLLOWER
                    ? leaders.of(partition.topicId(), partition.partition())
                    : null;
            if (leader != null) {
                data.setCurrentLeader(
                        new LeaderIdAndEpoch().setLeaderId(leader.leader()).setLeaderEpoch(leader.leaderEpoch()));
            }
            topics.computeIfAbsent(partition.topicId(), id -> new ShareAcknowledgeTopicResponse().setTopicId(id))
                    .partitions()
                    .add(data);
        }
        List<NodeEndpoint> endpoints = new ArrayList<>();
        for (Leaders.Address address : leaders.addresses()) {
            endpoints.add(new NodeEndpoint()
                    .setNodeId(address.nodeId())
                    .setHost(address.host())
                    .setPort(address.port())
                    .setRack(address.rack()));
        }
        return new ShareAcknowledgeResponse()
                .setAcquisitionLockTimeoutMs(coordinator.settings(groupId).lockDurationMs())
                .setResponses(new ArrayList<>(topics.values()))
                .setNodeEndpoints(endpoints);
    }

    private static void refuse(Request request, ErrorCode error, @Nullable String message) {
        request.respond(
                new ShareAcknowledgeResponse().setErrorCode(error.code()).setErrorMessage(message));
    }
}
