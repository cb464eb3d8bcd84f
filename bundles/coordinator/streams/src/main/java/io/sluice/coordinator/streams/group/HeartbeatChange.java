package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.streams.topology.ConfiguredTopology;
import io.sluice.coordinator.streams.topology.TopologyMessages;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest.Endpoint;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a heartbeat changes before anything is given out: its member, the group's topology, and the group's epoch where that matters to others.
 *
 * @param former the member as it was; a new one with nothing if there was none
 * @param records to be written together
 */
record HeartbeatChange(StreamsMember former, List<KindRecord> records) {
    private static final int UNCHANGED = -1;

    static HeartbeatChange of(
            @Nullable StreamsGroup group,
            StreamsGroupHeartbeatRequest request,
            ClientContext client,
            MemberLookup lookup,
            ConfiguredTopology configured,
            SortedMap<String, String> configs) {
        String groupId = request.groupId();
        List<KindRecord> records = new ArrayList<>();
        StreamsMember former = former(request, lookup);
        MemberMetadata metadata = metadata(former.metadata(), request, client);
        boolean isNew = lookup.member() == null;
        boolean changed = isNew || !metadata.equals(former.metadata());
        StreamsMember replaced = lookup.replaced();
        if (group != null && replaced != null) {
            records.addAll(StreamsRecords.withoutMember(groupId, replaced.memberId()));
        }
        if (changed) {
            records.add(StreamsRecords.member(groupId, former.with(metadata)));
        }
        if (group != null && replaced != null) {
            records.add(StreamsRecords.target(groupId, former.memberId(), group.target(replaced.memberId())));
            records.add(StreamsRecords.current(groupId, former));
        }
        if ((group == null || group.topology() == null) && request.topology() != null) {
            records.add(StreamsRecords.topology(groupId, TopologyMessages.fromRequest(request.topology())));
        }
        boolean isStatic = metadata.instanceId() != null;
        boolean matters = changed && (!isStatic || metadata.mattersBeside(former.metadata()));
        GroupEpoch epoch = group == null ? GroupEpoch.FIRST : group.epochRecord();
        int validated = configured.isReady() ? configured.topology().epoch() : -1;
        if (matters
                || configured.metadataHash() != epoch.metadataHash()
                || validated != epoch.validatedTopologyEpoch()
                || !configs.equals(epoch.configs())) {
            records.add(StreamsRecords.group(groupId, epoch.next(configured.metadataHash(), validated, configs)));
        }
        return new HeartbeatChange(former, records);
    }

    private static StreamsMember former(StreamsGroupHeartbeatRequest request, MemberLookup lookup) {
        if (lookup.member() != null) {
            return lookup.member();
        }
        StreamsMember replaced = lookup.replaced();
        return replaced == null
                ? StreamsMember.of(request.memberId())
                : new StreamsMember(
                        request.memberId(),
                        replaced.metadata(),
                        replaced.current().inherited());
    }

    /** What is null in the request has not changed, but for the endpoint of a member that begins. */
    private static MemberMetadata metadata(
            MemberMetadata former, StreamsGroupHeartbeatRequest request, ClientContext client) {
        boolean joins = HeartbeatChecks.joins(request);
        Endpoint told = request.userEndpoint();
        UserEndpoint endpoint =
                told != null ? new UserEndpoint(told.host(), told.port()) : joins ? null : former.endpoint();
        return new MemberMetadata(
                request.instanceId() != null ? request.instanceId() : former.instanceId(),
                request.rackId() != null ? request.rackId() : former.rackId(),
                client.clientId(),
                client.host(),
                request.rebalanceTimeoutMs() != UNCHANGED ? request.rebalanceTimeoutMs() : former.rebalanceTimeoutMs(),
                request.topology() != null ? request.topology().epoch() : former.topologyEpoch(),
                request.processId() != null ? request.processId() : former.processId(),
                endpoint,
                request.clientTags() != null ? tags(request.clientTags()) : former.tags());
    }

    private static SortedMap<String, String> tags(List<KeyValue> list) {
        SortedMap<String, String> tags = new TreeMap<>();
        list.forEach(tag -> tags.put(tag.key(), tag.value()));
        return tags;
    }
}
