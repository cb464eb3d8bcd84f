package io.sluice.coordinator.group;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.coordinator.api.CommitClaim;
import io.sluice.coordinator.api.GroupKind;
import io.sluice.coordinator.api.GroupKindContext;
import io.sluice.coordinator.api.GroupKindState;
import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.api.ListedGroup;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.group.ShareGroupMetadataKey;
import io.sluice.protocol.group.ShareGroupMetadataValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A kind of groups that only tests know: each group is a number of tallies, and counts as having members while the number is odd. */
final class TallyKind implements GroupKind<TallyKind.Tallies> {
    static final String TYPE = "tally";
    static final short RECORD_TYPE = 11;

    /** States that were made and not given up. */
    final List<Tallies> live = new ArrayList<>();

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Set<Short> recordTypes() {
        return Set.of(RECORD_TYPE);
    }

    @Override
    public Tallies create(GroupKindContext<Tallies> context) {
        Tallies state = new Tallies(context);
        live.add(state);
        return state;
    }

    final class Tallies implements GroupKindState {
        final Map<String, Integer> counts = new TreeMap<>();
        final List<Reply<?>> waiting = new ArrayList<>();
        final Map<Uuid, String> deletedTopics = new TreeMap<>();
        final GroupKindContext<Tallies> context;
        int topicsChanged;
        boolean loaded;

        private Tallies(GroupKindContext<Tallies> context) {
            this.context = context;
        }

        @Override
        public void replay(KindRecord record) {
            String groupId = record.readKey(new ShareGroupMetadataKey()).groupId();
            if (record.isTombstone()) {
                counts.remove(groupId);
            } else {
                counts.put(
                        groupId, record.readValue(new ShareGroupMetadataValue()).epoch());
            }
        }

        @Override
        public void loaded(Turn<KindRecord> turn) {
            loaded = true;
        }

        @Override
        public void unloaded(ErrorCode error) {
            live.remove(this);
            waiting.forEach(reply -> reply.refuse(error));
            waiting.clear();
        }

        /** Adds one, and answers with the number; -1 when the id is another's. */
        void tally(Turn<KindRecord> turn, String groupId, Reply<Integer> reply) {
            if (!contains(groupId) && !context.vacate(turn, groupId)) {
                turn.answer(reply, -1);
                return;
            }
            int next = counts.getOrDefault(groupId, 0) + 1;
            turn.write(List.of(KindRecord.of(
                    new ShareGroupMetadataKey().setGroupId(groupId),
                    new ShareGroupMetadataValue().setEpoch(next),
                    (short) 0)));
            turn.answer(reply, next);
        }

        /** The same, after a while. */
        void tallyLater(String groupId, long delayMs, Reply<Integer> reply) {
            waiting.add(reply);
            context.timers().set(reply, delayMs, turn -> {
                waiting.remove(reply);
                tally(turn, groupId, reply);
            });
        }

        private void remove(Turn<KindRecord> turn, String groupId) {
            context.forgetOffsets(turn, groupId);
            turn.write(List.of(KindRecord.tombstone(new ShareGroupMetadataKey().setGroupId(groupId))));
        }

        private boolean isEmpty(String groupId) {
            return counts.getOrDefault(groupId, 0) % 2 == 0;
        }

        @Override
        public boolean contains(String groupId) {
            return counts.containsKey(groupId);
        }

        @Override
        public List<ListedGroup> list() {
            List<ListedGroup> listed = new ArrayList<>();
            counts.forEach((groupId, count) ->
                    listed.add(new ListedGroup(groupId, TYPE, isEmpty(groupId) ? "Empty" : "Stable")));
            return listed;
        }

        @Override
        public boolean vacate(Turn<KindRecord> turn, String groupId) {
            return isEmpty(groupId)
                    && turn.write(List.of(KindRecord.tombstone(new ShareGroupMetadataKey().setGroupId(groupId))));
        }

        @Override
        public void delete(Turn<KindRecord> turn, String groupId, Reply<ErrorCode> reply) {
            if (!isEmpty(groupId)) {
                turn.answer(reply, ErrorCode.NON_EMPTY_GROUP);
                return;
            }
            // As a kind does that has to ask somebody else first.
            context.submit(reply, (state, later) -> {
                remove(later, groupId);
                later.answer(reply, ErrorCode.NONE);
            });
        }

        @Override
        public ErrorCode mayCommit(CommitClaim claim) {
            return claim.memberEpoch() == counts.getOrDefault(claim.groupId(), 0)
                    ? ErrorCode.NONE
                    : ErrorCode.STALE_MEMBER_EPOCH;
        }

        @Override
        public ErrorCode mayFetchOffsets(String groupId, @Nullable String memberId, int memberEpoch) {
            return ErrorCode.NONE;
        }

        @Override
        public ErrorCode mayDeleteOffsets(String groupId) {
            return ErrorCode.NONE;
        }

        @Override
        public boolean isSubscribedTo(String groupId, String topic) {
            return topic.equals("subscribed");
        }

        @Override
        public void expire(Turn<KindRecord> turn, String groupId) {
            if (isEmpty(groupId)) {
                remove(turn, groupId);
            }
        }

        @Override
        public void topicsChanged(Turn<KindRecord> turn) {
            topicsChanged++;
        }

        @Override
        public void topicsDeleted(Turn<KindRecord> turn, Map<Uuid, String> topics) {
            deletedTopics.putAll(topics);
        }
    }
}
