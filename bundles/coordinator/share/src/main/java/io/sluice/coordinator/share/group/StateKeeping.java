package io.sluice.coordinator.share.group;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.handler.Gathering;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.coordinator.share.state.StateOutcome;
import io.sluice.coordinator.share.state.StatePersister;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Asks the share coordinator for many partitions of a group at once. Any thread; consumers are called on a thread of its own. */
final class StateKeeping {
    private final StatePersister persister;

    StateKeeping(StatePersister persister) {
        this.persister = persister;
    }

    /** Begins the state of partitions; tells for each what became of it, in the order of the map. */
    void initialize(
            String groupId, int stateEpoch, Map<SharePartitionKey, Long> starts, Consumer<List<StateOutcome>> done) {
        forEach(
                new ArrayList<>(starts.keySet()),
                (key, reply) -> persister.initialize(key, stateEpoch, starts.getOrDefault(key, -1L), reply),
                done);
    }

    /** Has the state of partitions forgotten. */
    void delete(List<SharePartitionKey> keys, Consumer<List<StateOutcome>> done) {
        forEach(keys, persister::delete, done);
    }

    private static void forEach(
            List<SharePartitionKey> keys,
            BiConsumer<SharePartitionKey, Reply<StateOutcome>> ask,
            Consumer<List<StateOutcome>> done) {
        Gathering<StateOutcome> gathering = new Gathering<>(keys.size(), done);
        for (int i = 0; i < keys.size(); i++) {
            Reply<StateOutcome> reply = gathering.part(i, outcome -> outcome, error -> new StateOutcome(error, null));
            ask.accept(keys.get(i), reply);
        }
    }

    static List<SharePartitionKey> keys(String groupId, PartitionSet partitions) {
        List<SharePartitionKey> keys = new ArrayList<>();
        for (Map.Entry<Uuid, java.util.Set<Integer>> topic :
                partitions.byTopic().entrySet()) {
            for (int partition : topic.getValue()) {
                keys.add(new SharePartitionKey(groupId, topic.getKey(), partition));
            }
        }
        return keys;
    }

    /** The first error of all; {@code NONE} when there is none. */
    static ErrorCode firstError(List<StateOutcome> outcomes) {
        for (StateOutcome outcome : outcomes) {
            if (outcome.error() != ErrorCode.NONE) {
                return outcome.error();
            }
        }
        return ErrorCode.NONE;
    }
}
