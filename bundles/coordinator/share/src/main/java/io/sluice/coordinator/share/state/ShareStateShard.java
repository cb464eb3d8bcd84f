package io.sluice.coordinator.share.state;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.StateMachine;
import io.sluice.coordinator.runtime.Turn;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The share coordinator's state of one partition of {@code __share_group_state} (KIP-932).
 *
 * <p>A state has two epochs. The state epoch comes from the group's coordinator, which begins a new state with it; the leader epoch from the leader
 * of the share partition, which tells it when it reads the state. Whoever comes with an older one of either has been replaced and is fenced.
 */
public final class ShareStateShard implements StateMachine<ShareStateRecord> {
    private static final String UNKNOWN_PARTITION = "This server does not host this topic-partition.";

    private final ShareStateTable table = new ShareStateTable();
    private final Supplier<MetadataImage> image;
    private final Supplier<ShareStateConfig> config;

    public ShareStateShard(Supplier<MetadataImage> image, Supplier<ShareStateConfig> config) {
        this.image = image;
        this.config = config;
    }

    @Override
    public void replay(ShareStateRecord record) {
        table.replay(record);
    }

    @Override
    public void unloaded(ErrorCode error) {
        // No reply is held beyond its turn.
    }

    /** What is known; null when nothing is. */
    public @Nullable ShareState state(SharePartitionKey key) {
        return table.state(key);
    }

    /** How many share partitions are known. */
    public int size() {
        return table.size();
    }

    /** Begins a state, in place of one of an epoch that is not newer. */
    public void initialize(
            Turn<ShareStateRecord> turn,
            SharePartitionKey key,
            int stateEpoch,
            long startOffset,
            Reply<StateOutcome> reply) {
        StateOutcome refusal = refusal(key);
        ShareState known = table.state(key);
        if (refusal == null && stateEpoch < 0) {
            refusal = invalid("The state epoch cannot be a negative number.");
        }
        if (refusal == null && known != null && known.stateEpoch() > stateEpoch) {
            refusal = new StateOutcome(ErrorCode.FENCED_STATE_EPOCH, "The state epoch is not the latest one.");
        }
        if (refusal != null) {
            turn.answer(reply, refusal);
            return;
        }
        boolean begun = startOffset != ShareState.NO_START_OFFSET;
        ShareState fresh = new ShareState(
                known == null ? 0 : known.snapshotEpoch() + 1,
                stateEpoch,
                0,
                startOffset,
                begun ? 0 : ShareState.NO_COUNT,
                turn.nowMs(),
                turn.nowMs(),
                List.of());
        answer(turn, reply, new ShareStateRecord.Snapshot(key, fresh));
    }

    /**
     * The same for a group of this broker, which may ask again because it does not know what became of its first question: a state that was begun
     * with this epoch, and perhaps written to since, stays as it is unless a start is set.
     */
    public void begin(
            Turn<ShareStateRecord> turn,
            SharePartitionKey key,
            int stateEpoch,
            long startOffset,
            Reply<StateOutcome> reply) {
        ShareState known = table.state(key);
        boolean begun = startOffset == ShareState.NO_START_OFFSET && known != null && known.stateEpoch() == stateEpoch;
        if (begun && refusal(key) == null) {
            turn.answer(reply, StateOutcome.OK);
        } else {
            initialize(turn, key, stateEpoch, startOffset, reply);
        }
    }

    /** Tells a leader what is known, and from then on refuses leaders of older epochs. */
    public void read(Turn<ShareStateRecord> turn, SharePartitionKey key, int leaderEpoch, Reply<ReadOutcome> reply) {
        StateOutcome refusal = malformed(key);
        ShareState known = table.state(key);
        if (refusal == null && leaderEpoch < 0) {
            refusal = invalid("The leader epoch cannot be a negative number.");
        }
        if (refusal == null && known == null) {
            refusal = invalid("Read operation on uninitialized share partition not allowed.");
        }
        if (refusal == null && known != null && known.leaderEpoch() > leaderEpoch) {
            refusal = new StateOutcome(ErrorCode.FENCED_LEADER_EPOCH, "The leader epoch is older than the known one.");
        }
        if (refusal == null) {
            refusal = missing(key);
        }
        if (refusal != null || known == null) {
            StateOutcome why = refusal == null ? StateOutcome.OK : refusal;
            turn.answer(reply, ReadOutcome.refused(why.error(), why.message()));
            return;
        }
        if (leaderEpoch > known.leaderEpoch()) {
            turn.write(List.of(new ShareStateRecord.Update(
                    key,
                    known.snapshotEpoch(),
                    leaderEpoch,
                    ShareState.NO_START_OFFSET,
                    ShareState.NO_COUNT,
                    List.of())));
        }
        turn.answer(
                reply, new ReadOutcome(ErrorCode.NONE, null, known.stateEpoch(), known.startOffset(), known.batches()));
    }

    /** Takes what a leader has to tell. */
    public void write(
            Turn<ShareStateRecord> turn, SharePartitionKey key, StateChange change, Reply<StateOutcome> reply) {
        StateOutcome refusal = malformed(key);
        ShareState known = table.state(key);
        if (refusal == null && change.leaderEpoch() < 0) {
            refusal = invalid("The leader epoch cannot be a negative number.");
        }
        if (refusal == null && change.stateEpoch() < 0) {
            refusal = invalid("The state epoch cannot be a negative number.");
        }
        if (refusal == null && known == null) {
            refusal = invalid("Write operation on uninitialized share partition not allowed.");
        }
        if (refusal == null && known != null) {
            refusal = fenced(known, change);
        }
        if (refusal == null) {
            refusal = missing(key);
        }
        if (refusal != null || known == null) {
            turn.answer(reply, refusal == null ? StateOutcome.OK : refusal);
            return;
        }
        boolean newEpoch = change.stateEpoch() > known.stateEpoch();
        if (newEpoch || table.updates(key) >= config.get().updatesPerSnapshot()) {
            ShareState next = known.with(change, turn.nowMs()).asNextSnapshot(turn.nowMs());
            answer(turn, reply, new ShareStateRecord.Snapshot(key, next));
        } else {
            answer(
                    turn,
                    reply,
                    new ShareStateRecord.Update(
                            key,
                            known.snapshotEpoch(),
                            change.leaderEpoch(),
                            change.startOffset(),
                            change.deliveryCompleteCount(),
                            StateBatches.merge(List.of(), change.batches(), Long.MIN_VALUE)));
        }
    }

    private static @Nullable StateOutcome fenced(ShareState known, StateChange change) {
        if (known.leaderEpoch() > change.leaderEpoch()) {
            return new StateOutcome(ErrorCode.FENCED_LEADER_EPOCH, "The leader epoch is older than the known one.");
        }
        if (known.stateEpoch() > change.stateEpoch()) {
            return new StateOutcome(ErrorCode.FENCED_STATE_EPOCH, "The state epoch is not the latest one.");
        }
        return null;
    }

    /** Forgets what is known; it is no error when nothing is. */
    public void delete(Turn<ShareStateRecord> turn, SharePartitionKey key, Reply<StateOutcome> reply) {
        StateOutcome refusal = table.state(key) == null ? refusal(key) : null;
        if (refusal != null || table.state(key) == null) {
            turn.answer(reply, refusal == null ? StateOutcome.OK : refusal);
        } else {
            answer(turn, reply, new ShareStateRecord.Snapshot(key, null));
        }
    }

    /** Tells how far a group has come; of a share partition that nobody has begun, that. */
    public void summarize(Turn<ShareStateRecord> turn, SharePartitionKey key, Reply<SummaryOutcome> reply) {
        StateOutcome refusal = refusal(key);
        if (refusal != null) {
            turn.answer(reply, SummaryOutcome.refused(refusal.error(), refusal.message()));
            return;
        }
        ShareState known = table.state(key);
        turn.answer(
                reply,
                known == null
                        ? SummaryOutcome.refused(ErrorCode.NONE, null)
                        : new SummaryOutcome(
                                ErrorCode.NONE,
                                null,
                                known.stateEpoch(),
                                known.leaderEpoch(),
                                known.startOffset(),
                                known.deliveryCompleteCount()));
    }

    /** Forgets the share partitions of topics that are gone. */
    public void topicsDeleted(Turn<ShareStateRecord> turn, Set<Uuid> topics) {
        for (SharePartitionKey key : table.ofTopics(topics)) {
            turn.write(List.of(new ShareStateRecord.Snapshot(key, null)));
        }
    }

    /**
     * Writes everything anew, so that all that is in the log before is of no use any more; what belongs to topics that are gone is forgotten.
     *
     * @return false when something could not be written, so that the log is still needed
     */
    public boolean rewrite(Turn<ShareStateRecord> turn) {
        boolean complete = true;
        for (SharePartitionKey key : table.keys()) {
            ShareState known = table.state(key);
            if (known != null) {
                boolean gone = image.get().topic(key.topicId()) == null;
                ShareState next = gone ? null : known.asNextSnapshot(known.writeTimestampMs());
                complete &= turn.write(List.of(new ShareStateRecord.Snapshot(key, next)));
            }
        }
        return complete;
    }

    private void answer(Turn<ShareStateRecord> turn, Reply<StateOutcome> reply, ShareStateRecord record) {
        boolean written = turn.write(List.of(record));
        turn.answer(
                reply,
                written
                        ? StateOutcome.OK
                        : new StateOutcome(
                                ErrorCode.MESSAGE_TOO_LARGE, "The state is larger than a batch of its topic may be."));
    }

    private @Nullable StateOutcome refusal(SharePartitionKey key) {
        StateOutcome malformed = malformed(key);
        return malformed == null ? missing(key) : malformed;
    }

    private static @Nullable StateOutcome malformed(SharePartitionKey key) {
        if (key.topicId().isZero()) {
            return invalid("The topic id cannot be null.");
        }
        if (key.partition() < 0) {
            return invalid("The partition id cannot be a negative number.");
        }
        return null;
    }

    private @Nullable StateOutcome missing(SharePartitionKey key) {
        TopicImage topic = image.get().topic(key.topicId());
        return topic == null || key.partition() >= topic.partitions().size()
                ? new StateOutcome(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_PARTITION)
                : null;
    }

    private static StateOutcome invalid(String message) {
        return new StateOutcome(ErrorCode.INVALID_REQUEST, message);
    }
}
