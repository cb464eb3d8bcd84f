package io.sluice.coordinator.share.group;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.api.GroupKindContext;
import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.coordinator.share.state.StateOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What administrators do to the offsets of share groups without members: set where they begin, forget them, with the group or without. For one state
 * machine.
 */
public final class ShareOffsets {
    private final ShareGroupTable groups;
    private final GroupKindContext<ShareGroupState> context;
    private final StateKeeping keeping;
    private final ShareGroupListener listener;

    /** What became of each share partition, or why nothing was done at all. */
    public record Altered(ErrorCode error, Map<SharePartitionKey, StateOutcome> outcomes) {
        public Altered {
            outcomes = Map.copyOf(outcomes);
        }
    }

    /** What became of each topic, or why nothing was done at all. */
    public record Deleted(ErrorCode error, Map<Uuid, ErrorCode> outcomes) {
        public Deleted {
            outcomes = Map.copyOf(outcomes);
        }
    }

    ShareOffsets(
            ShareGroupTable groups,
            GroupKindContext<ShareGroupState> context,
            StateKeeping keeping,
            ShareGroupListener listener) {
        this.groups = groups;
        this.context = context;
        this.keeping = keeping;
        this.listener = listener;
    }

    /** Goes on with deletions that were under way. */
    void loaded() {
        for (ShareGroup group : groups.all()) {
            Set<Uuid> topics = group.states().deleting();
            if (!topics.isEmpty()) {
                String groupId = group.groupId();
                keeping.delete(
                        keysOf(groupId, topics),
                        outcomes -> context.submit(Unheard.REPLY, (state, turn) -> state.offsets()
                                .forgotten(turn, groupId, topics, outcomes)));
            }
        }
    }

    private List<SharePartitionKey> keysOf(String groupId, Set<Uuid> topics) {
        List<SharePartitionKey> keys = new ArrayList<>();
        for (Uuid id : topics) {
            TopicImage topic = context.image().topic(id);
            int count = topic == null ? 0 : topic.partitions().size();
            for (int i = 0; i < count; i++) {
                keys.add(new SharePartitionKey(groupId, id, i));
            }
        }
        return keys;
    }

    // ---- setting

    /** Lets a group without members begin at these offsets, in partitions that exist. */
    public void alter(
            Turn<KindRecord> turn, String groupId, Map<SharePartitionKey, Long> starts, Reply<Altered> reply) {
        ErrorCode refusal = refusal(groupId);
        ShareGroup group = groups.find(groupId);
        if (refusal != ErrorCode.NONE || group == null) {
            turn.answer(reply, new Altered(refusal, Map.of()));
            return;
        }
        // A new epoch fences whoever still leads one of them with what was known before.
        int stateEpoch = group.epoch() + 1;
        turn.write(List.of(ShareGroupRecords.group(groupId, stateEpoch, group.metadataHash())));
        listener.groupIdle(groupId);
        Map<SharePartitionKey, Long> inOrder = new LinkedHashMap<>(starts);
        keeping.initialize(
                groupId,
                stateEpoch,
                inOrder,
                outcomes -> context.submit(
                        reply, (state, later) -> state.offsets().altered(later, groupId, inOrder, outcomes, reply)));
    }

    private void altered(
            Turn<KindRecord> turn,
            String groupId,
            Map<SharePartitionKey, Long> asked,
            List<StateOutcome> outcomes,
            Reply<Altered> reply) {
        ShareGroup group = groups.find(groupId);
        if (group == null) {
            turn.answer(reply, new Altered(ErrorCode.GROUP_ID_NOT_FOUND, Map.of()));
            return;
        }
        Map<SharePartitionKey, StateOutcome> told = new HashMap<>();
        Map<Uuid, Set<Integer>> done = new HashMap<>();
        Map<Uuid, String> names = new HashMap<>();
        int index = 0;
        for (SharePartitionKey key : asked.keySet()) {
            StateOutcome outcome = outcomes.get(index++);
            told.put(key, outcome);
            TopicImage topic = context.image().topic(key.topicId());
            if (outcome.error() == ErrorCode.NONE && topic != null) {
                done.computeIfAbsent(key.topicId(), id -> new TreeSet<>()).add(key.partition());
                names.put(key.topicId(), topic.name());
            }
        }
        StatePartitions states = group.states();
        PartitionSet partitions = PartitionSet.of(done);
        StatePartitions now = states.asking(partitions, names).having(partitions);
        if (!now.equals(states)) {
            turn.write(List.of(ShareGroupRecords.states(groupId, now)));
        }
        listener.groupIdle(groupId);
        turn.answer(reply, new Altered(ErrorCode.NONE, told));
    }

    // ---- forgetting

    /** Forgets how far a group without members has come in topics; of those that it does not know, that. */
    public void delete(Turn<KindRecord> turn, String groupId, Set<Uuid> topics, Reply<Deleted> reply) {
        ErrorCode refusal = refusal(groupId);
        ShareGroup group = groups.find(groupId);
        if (refusal != ErrorCode.NONE || group == null) {
            turn.answer(reply, new Deleted(refusal, Map.of()));
            return;
        }
        Map<Uuid, ErrorCode> told = new HashMap<>();
        Set<Uuid> known = new TreeSet<>();
        List<SharePartitionKey> keys = new ArrayList<>();
        PartitionSet all = StatePartitions.union(
                group.states().initializing(), group.states().initialized());
        for (Uuid topic : topics) {
            boolean isKnown =
                    !all.of(topic).isEmpty() || group.states().deleting().contains(topic);
            told.put(topic, isKnown ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            if (isKnown) {
                known.add(topic);
                all.of(topic).forEach(partition -> keys.add(new SharePartitionKey(groupId, topic, partition)));
            }
        }
        if (known.isEmpty()) {
            turn.answer(reply, new Deleted(ErrorCode.NONE, told));
            return;
        }
        turn.write(List.of(ShareGroupRecords.states(groupId, group.states().forgetting(known))));
        listener.groupIdle(groupId);
        keeping.delete(
                keys,
                outcomes -> context.submit(reply, (state, later) -> {
                    ErrorCode error = state.offsets().forgotten(later, groupId, known, outcomes);
                    known.forEach(topic -> told.put(topic, error));
                    later.answer(reply, new Deleted(ErrorCode.NONE, told));
                }));
    }

    private ErrorCode forgotten(Turn<KindRecord> turn, String groupId, Set<Uuid> topics, List<StateOutcome> outcomes) {
        ErrorCode error = error(outcomes);
        ShareGroup group = groups.find(groupId);
        if (error == ErrorCode.NONE && group != null) {
            turn.write(List.of(ShareGroupRecords.states(groupId, group.states().without(topics))));
        }
        return error;
    }

    /** A topic that is gone has no state that could be in the way. */
    private static ErrorCode error(List<StateOutcome> outcomes) {
        List<StateOutcome> relevant = outcomes.stream()
                .filter(outcome -> outcome.error() != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
                .toList();
        return StateKeeping.firstError(relevant);
    }

    /** Removes a group without members and all that is known of it. */
    void deleteGroup(Turn<KindRecord> turn, String groupId, Reply<ErrorCode> reply) {
        ErrorCode refusal = refusal(groupId);
        ShareGroup group = groups.find(groupId);
        if (refusal != ErrorCode.NONE || group == null) {
            turn.answer(reply, refusal);
            return;
        }
        StatePartitions states = group.states();
        PartitionSet all = StatePartitions.union(states.initializing(), states.initialized());
        List<SharePartitionKey> keys = new ArrayList<>(StateKeeping.keys(groupId, all));
        keys.addAll(keysOf(groupId, states.deleting()));
        if (!all.isEmpty()) {
            turn.write(List.of(ShareGroupRecords.states(
                    groupId, states.forgetting(all.byTopic().keySet()))));
        }
        listener.groupIdle(groupId);
        keeping.delete(
                keys,
                outcomes -> context.submit(
                        reply, (state, later) -> state.offsets().removed(later, groupId, outcomes, reply)));
    }

    private void removed(Turn<KindRecord> turn, String groupId, List<StateOutcome> outcomes, Reply<ErrorCode> reply) {
        ErrorCode error = error(outcomes);
        ShareGroup group = groups.find(groupId);
        if (error == ErrorCode.NONE && group != null && !group.isEmpty()) {
            error = ErrorCode.NON_EMPTY_GROUP;
        }
        if (error == ErrorCode.NONE && group != null) {
            turn.write(ShareGroupRecords.withoutGroup(groupId));
            context.forgetOffsets(turn, groupId);
        }
        turn.answer(reply, error);
    }

    void topicsDeleted(Turn<KindRecord> turn, Set<Uuid> topics) {
        for (ShareGroup group : groups.all()) {
            StatePartitions states = group.states();
            Set<Uuid> known = new HashSet<>(states.initializing().byTopic().keySet());
            known.addAll(states.initialized().byTopic().keySet());
            known.addAll(states.deleting());
            known.retainAll(topics);
            if (!known.isEmpty()) {
                turn.write(List.of(ShareGroupRecords.states(group.groupId(), states.without(known))));
            }
        }
    }

    private ErrorCode refusal(String groupId) {
        @Nullable ShareGroup group = groups.find(groupId);
        if (group == null) {
            return ErrorCode.GROUP_ID_NOT_FOUND;
        }
        return group.isEmpty() ? ErrorCode.NONE : ErrorCode.NON_EMPTY_GROUP;
    }
}
