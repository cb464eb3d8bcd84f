package io.sluice.coordinator.group.consumer;

import io.sluice.coordinator.group.classic.ClientContext;
import io.sluice.protocol.message.ConsumerGroupHeartbeatRequest;
import io.sluice.protocol.message.ConsumerProtocolSubscription;
import io.sluice.protocol.message.JoinGroupRequest;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a member says of itself.
 *
 * @param topics names it subscribes to
 * @param regex whose topics it subscribes to, too; empty for none
 * @param rebalanceTimeoutMs how long it may take to give partitions up
 * @param assignor that it asks for, or null
 * @param classic what it said in the classic protocol, when it uses that; else null
 */
public record MemberMetadata(
        @Nullable String instanceId,
        @Nullable String rackId,
        String clientId,
        String clientHost,
        SortedSet<String> topics,
        String regex,
        int rebalanceTimeoutMs,
        @Nullable String assignor,
        @Nullable ClassicProtocols classic) {
    /** Of a member that has said nothing yet. */
    public static final MemberMetadata NONE =
            new MemberMetadata(null, null, "", "", Collections.emptySortedSet(), "", -1, null, null);

    public MemberMetadata {
        topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
    }

    /** With what a request says; what it leaves out stays as it was. */
    MemberMetadata with(ConsumerGroupHeartbeatRequest request, ClientContext client) {
        Collection<String> newTopics = request.subscribedTopicNames();
        String newRegex = request.subscribedTopicRegex();
        return new MemberMetadata(
                request.instanceId() == null ? instanceId : request.instanceId(),
                request.rackId() == null ? rackId : request.rackId(),
                client.clientId(),
                client.clientHost(),
                newTopics == null ? topics : new TreeSet<>(newTopics),
                newRegex == null ? regex : newRegex,
                request.rebalanceTimeoutMs() == -1 ? rebalanceTimeoutMs : request.rebalanceTimeoutMs(),
                request.serverAssignor() == null ? assignor : request.serverAssignor(),
                null);
    }

    /** With what a member says that joins by the classic protocol. */
    MemberMetadata with(
            JoinGroupRequest request,
            ClientContext client,
            int newRebalanceTimeoutMs,
            ConsumerProtocolSubscription subscription,
            ClassicProtocols protocols) {
        return new MemberMetadata(
                request.groupInstanceId() == null ? instanceId : request.groupInstanceId(),
                subscription.rackId() == null ? rackId : subscription.rackId(),
                client.clientId(),
                client.clientHost(),
                new TreeSet<>(subscription.topics()),
                "",
                newRebalanceTimeoutMs,
                assignor,
                protocols);
    }

    /** True for a member that uses the classic protocol. */
    boolean isClassic() {
        return classic != null;
    }

    boolean hasRegex() {
        return !regex.isEmpty();
    }
}
