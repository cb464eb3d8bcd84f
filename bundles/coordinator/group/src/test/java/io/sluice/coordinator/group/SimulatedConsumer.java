package io.sluice.coordinator.group;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.group.classic.ClientContext;
import io.sluice.coordinator.group.consumer.HeartbeatOutcome;
import io.sluice.coordinator.group.consumer.HeartbeatOutcome.ResolvedRegexes;
import io.sluice.protocol.message.ConsumerGroupHeartbeatRequest;
import io.sluice.protocol.message.ConsumerGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A consumer as the client library is: it gives partitions up before it says so, and says everything of itself when it is not sure what was heard. */
final class SimulatedConsumer {
    final String memberId;
    final @Nullable String instanceId;
    final Set<PartitionId> owned = new TreeSet<>();
    List<String> topics;
    String regex = "";

    @Nullable
    String assignor;

    /** What happens between a look at the topics and the heartbeat that brings it. */
    Runnable whenResolved = () -> {};

    int epoch;
    ErrorCode lastError = ErrorCode.NONE;
    private final SimulatedGroups groups;
    private boolean tellAll = true;
    private boolean tellOwned = true;
    private boolean subscriptionChanged;
    private @Nullable Pending<HeartbeatOutcome> pending;

    SimulatedConsumer(SimulatedGroups groups, String memberId, @Nullable String instanceId, String... topics) {
        this.groups = groups;
        this.memberId = memberId;
        this.instanceId = instanceId;
        this.topics = List.of(topics);
    }

    /** Subscribes to something else, as of the next heartbeat. */
    void subscribe(String... changed) {
        topics = List.of(changed);
        subscriptionChanged = true;
    }

    /** Sends a heartbeat unless one is on its way, and takes in what was answered. */
    void step() {
        takeAnswer();
        if (pending == null) {
            pending = send(request(), ResolvedRegexes.NONE);
        }
    }

    /** A heartbeat that is answered at once. */
    ConsumerGroupHeartbeatResponse beat() {
        ConsumerGroupHeartbeatRequest request = request();
        Pending<HeartbeatOutcome> sent = send(request, ResolvedRegexes.NONE);
        groups.scheduler.runUntilIdle();
        if (sent.outcome() instanceof HeartbeatOutcome.RegexesWanted wanted) {
            ResolvedRegexes resolved = resolve(wanted.regexes());
            whenResolved.run();
            sent = send(request, resolved);
            groups.scheduler.runUntilIdle();
        }
        ConsumerGroupHeartbeatResponse response = ((HeartbeatOutcome.Answered) sent.outcome()).response();
        heard(response);
        return response;
    }

    /** Leaves, for good or (with an epoch of -2) for a while. */
    Pending<HeartbeatOutcome> leave(int leavingEpoch) {
        owned.clear();
        return send(
                new ConsumerGroupHeartbeatRequest()
                        .setGroupId(SimulatedGroups.GROUP)
                        .setMemberId(memberId)
                        .setInstanceId(instanceId)
                        .setMemberEpoch(leavingEpoch),
                ResolvedRegexes.NONE);
    }

    private ConsumerGroupHeartbeatRequest request() {
        ConsumerGroupHeartbeatRequest request = new ConsumerGroupHeartbeatRequest()
                .setGroupId(SimulatedGroups.GROUP)
                .setMemberId(memberId)
                .setInstanceId(instanceId)
                .setMemberEpoch(epoch);
        tellAll |= subscriptionChanged;
        subscriptionChanged = false;
        if (tellAll || epoch == 0) {
            request.setRebalanceTimeoutMs(SimulatedGroups.REBALANCE_MS)
                    .setSubscribedTopicNames(topics)
                    .setSubscribedTopicRegex(regex)
                    .setServerAssignor(assignor);
        }
        if (tellAll || tellOwned || epoch == 0) {
            List<ConsumerGroupHeartbeatRequest.TopicPartitions> told = new ArrayList<>();
            for (PartitionId partition : owned) {
                told.add(new ConsumerGroupHeartbeatRequest.TopicPartitions()
                        .setTopicId(partition.topicId())
                        .setPartitions(List.of(partition.partition())));
            }
            request.setTopicPartitions(told);
        }
        return request;
    }

    private Pending<HeartbeatOutcome> send(ConsumerGroupHeartbeatRequest request, ResolvedRegexes resolved) {
        Pending<HeartbeatOutcome> reply = new Pending<>();
        ClientContext client = new ClientContext("client", "/127.0.0.1", (short) 1);
        groups.submit(reply, (shard, turn) -> shard.consumers().heartbeat(turn, request, client, resolved, reply));
        return reply;
    }

    private ResolvedRegexes resolve(Set<String> regexes) {
        Map<String, Set<String>> resolved = new java.util.HashMap<>();
        for (String wanted : regexes) {
            Set<String> matching = new HashSet<>();
            groups.metadata.image().topics().forEach(topic -> {
                if (topic.name().matches(wanted)) {
                    matching.add(topic.name());
                }
            });
            resolved.put(wanted, matching);
        }
        return new ResolvedRegexes(resolved, groups.metadata.image().offset());
    }

    private void takeAnswer() {
        Pending<HeartbeatOutcome> sent = pending;
        if (sent == null || !sent.isDone()) {
            return;
        }
        pending = null;
        if (sent.isAnswered()) {
            heard(((HeartbeatOutcome.Answered) sent.outcome()).response());
        } else {
            tellAll = true;
        }
    }

    private void heard(ConsumerGroupHeartbeatResponse response) {
        lastError = ErrorCode.of(response.errorCode());
        switch (lastError) {
            case NONE -> {
                epoch = response.memberEpoch();
                tellAll = false;
                tellOwned = false;
                if (response.assignment() != null) {
                    Set<PartitionId> assigned = new TreeSet<>();
                    response.assignment().topicPartitions().forEach(topic -> topic.partitions()
                            .forEach(partition -> assigned.add(new PartitionId(topic.topicId(), partition))));
                    tellOwned = !owned.equals(assigned);
                    owned.clear();
                    owned.addAll(assigned);
                }
            }
            case FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID -> {
                owned.clear();
                epoch = 0;
                tellAll = true;
            }
            default -> tellAll = true;
        }
    }
}
