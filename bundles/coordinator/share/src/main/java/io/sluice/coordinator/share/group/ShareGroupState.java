package io.sluice.coordinator.share.group;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.coordinator.api.GroupKindContext;
import io.sluice.coordinator.api.GroupKindState;
import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.api.ListedGroup;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.coordinator.share.state.StatePersister;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The share groups of one partition of {@code __consumer_offsets} (KIP-932). */
public final class ShareGroupState implements GroupKindState {
    private final ShareGroupTable groups = new ShareGroupTable();
    private final ShareMembership membership;
    private final ShareOffsets offsets;

    public ShareGroupState(
            GroupKindContext<ShareGroupState> context, StatePersister persister, ShareGroupListener listener) {
        StateKeeping keeping = new StateKeeping(persister);
        this.membership = new ShareMembership(groups, context, keeping, listener);
        this.offsets = new ShareOffsets(groups, context, keeping, listener);
    }

    /** Heartbeats. */
    public ShareMembership membership() {
        return membership;
    }

    /** Start offsets, set and forgotten by administrators. */
    public ShareOffsets offsets() {
        return offsets;
    }

    /** What administrators are told of groups. */
    public ShareDescriptions descriptions() {
        return new ShareDescriptions(groups);
    }

    @Override
    public void replay(KindRecord record) {
        groups.replay(record);
    }

    @Override
    public void loaded(Turn<KindRecord> turn) {
        membership.loaded();
        offsets.loaded();
    }

    @Override
    public void unloaded(ErrorCode error) {
        membership.unloaded(error);
    }

    @Override
    public boolean contains(String groupId) {
        return groups.find(groupId) != null;
    }

    @Override
    public List<ListedGroup> list() {
        List<ListedGroup> listed = new ArrayList<>();
        for (ShareGroup group : groups.all()) {
            listed.add(new ListedGroup(group.groupId(), ShareGroupKind.TYPE, group.state()));
        }
        return listed;
    }

    @Override
    public void delete(Turn<KindRecord> turn, String groupId, Reply<ErrorCode> reply) {
        offsets.deleteGroup(turn, groupId, reply);
    }

    @Override
    public boolean isSubscribedTo(String groupId, String topic) {
        ShareGroup group = groups.find(groupId);
        return group != null
                && group.members().stream().anyMatch(member -> member.topics().contains(topic));
    }

    @Override
    public void topicsChanged(Turn<KindRecord> turn) {
        membership.topicsChanged(turn);
    }

    @Override
    public void topicsDeleted(Turn<KindRecord> turn, Map<Uuid, String> topics) {
        offsets.topicsDeleted(turn, topics.keySet());
        membership.topicsChanged(turn);
    }
}
