package io.sluice.coordinator.group;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.Uuid;
import io.sluice.coordinator.api.GroupKind;
import io.sluice.coordinator.group.assignor.Assignors;
import io.sluice.coordinator.group.classic.ClassicGroup;
import io.sluice.coordinator.group.classic.ClassicGroups;
import io.sluice.coordinator.group.classic.Membership;
import io.sluice.coordinator.group.classic.MigratingGroups;
import io.sluice.coordinator.group.consumer.ConsumerGroupDescriptions;
import io.sluice.coordinator.group.consumer.ConsumerGroups;
import io.sluice.coordinator.group.consumer.ConsumerMembership;
import io.sluice.coordinator.group.kind.HostedKinds;
import io.sluice.coordinator.group.kind.KindSurroundings;
import io.sluice.coordinator.group.offset.OffsetCommits;
import io.sluice.coordinator.group.offset.OffsetFetches;
import io.sluice.coordinator.group.offset.OffsetRemovals;
import io.sluice.coordinator.group.offset.OffsetRights;
import io.sluice.coordinator.group.offset.OffsetTable;
import io.sluice.coordinator.group.offset.PendingCommits;
import io.sluice.coordinator.group.record.ConsumerGroupRecord;
import io.sluice.coordinator.group.record.ForeignRecord;
import io.sluice.coordinator.group.record.GroupMetadataRecord;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.group.record.OffsetRecord;
import io.sluice.coordinator.runtime.StateMachine;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import java.util.List;
import java.util.Map;

/** The group coordinator's state of one partition of {@code __consumer_offsets}: groups of all kinds, and their offsets. */
public final class GroupShard implements StateMachine<GroupRecord> {
    private final HostedKinds kinds = new HostedKinds();
    private final ClassicGroups groups = new ClassicGroups(kinds::contains);
    private final ConsumerGroups consumerGroups = new ConsumerGroups();
    private final OffsetTable offsets = new OffsetTable();
    private final Membership membership;
    private final ConsumerMembership consumers;
    private final ConsumerGroupDescriptions descriptions;
    private final OffsetCommits commits;
    private final PendingCommits pendingCommits;
    private final OffsetFetches fetches;
    private final OffsetRemovals removals;
    private final GroupListing listing;

    /**
     * @param hosted the kinds of groups that other bundles bring
     * @param submission how the states of those kinds hand events to themselves
     */
    public GroupShard(
            int partition,
            Timers<GroupRecord> timers,
            RandomSource random,
            GroupSettings settings,
            Assignors assignors,
            List<GroupKind<?>> hosted,
            KindSurroundings.Submission submission) {
        this.consumers = new ConsumerMembership(
                consumerGroups, groups, new Migrating(), timers, random, settings.images(), settings, assignors);
        this.descriptions = new ConsumerGroupDescriptions(consumerGroups, settings.images(), assignors);
        this.membership = new Membership(groups, consumers, this::vacate, timers, random, () -> settings.config()
                .groups());
        OffsetRights rights = new OffsetRights(groups, consumerGroups, kinds);
        this.commits = new OffsetCommits(
                groups, rights, membership, () -> settings.config().offsets());
        this.pendingCommits = new PendingCommits(rights, () -> settings.config().offsets());
        this.fetches = new OffsetFetches(rights, offsets);
        this.removals =
                new OffsetRemovals(groups, consumerGroups, kinds, rights, offsets, timers, () -> settings.config()
                        .offsets());
        this.listing = new GroupListing(groups, consumerGroups, kinds);
        KindSurroundings surroundings =
                new KindSurroundings(partition, timers, random, settings, new Own(), submission);
        for (GroupKind<?> kind : hosted) {
            kinds.host(kind, surroundings);
        }
    }

    /** A classic group may take the id of an empty one of another kind. */
    private boolean vacate(Turn<GroupRecord> turn, String groupId) {
        return !groups.isOpaque(groupId) && kinds.vacate(turn, groupId) && consumers.vacate(turn, groupId);
    }

    /** The classic side of a migration. */
    private final class Migrating implements MigratingGroups {
        @Override
        public void dissolve(Turn<GroupRecord> turn, ClassicGroup group) {
            membership.dissolve(turn, group);
        }

        @Override
        public void adopt(Turn<GroupRecord> turn, ClassicGroup group, boolean rebalance) {
            membership.adopt(turn, group, rebalance);
        }
    }

    /** The groups that are not of hosted kinds, as those see them. */
    private final class Own implements KindSurroundings.OwnGroups {
        @Override
        public boolean contains(String groupId) {
            return groups.contains(groupId) || consumerGroups.contains(groupId) || groups.isOpaque(groupId);
        }

        /** An empty classic group gives its id free; one of the consumer protocol does so for classic members only, as in Kafka. */
        @Override
        public boolean vacate(Turn<GroupRecord> turn, String groupId) {
            return !groups.isOpaque(groupId) && !consumerGroups.contains(groupId) && membership.vacate(turn, groupId);
        }

        @Override
        public boolean hasOffsets(String groupId) {
            return !offsets.isEmpty(groupId);
        }

        @Override
        public void forgetOffsets(Turn<GroupRecord> turn, String groupId) {
            removals.forgetAll(turn, groupId);
        }
    }

    @Override
    public void replay(GroupRecord record) {
        if (record instanceof OffsetRecord offset) {
            if (offset.value() != null) {
                ensureGroup(offset.groupId());
            }
            offsets.replay(offset);
        } else if (record instanceof GroupMetadataRecord metadata) {
            groups.replay(metadata);
        } else if (record instanceof ConsumerGroupRecord consumer) {
            if (!consumer.isTombstone()) {
                groups.yieldTo(consumer.groupId());
            }
            consumerGroups.replay(consumer);
        } else if (record instanceof ForeignRecord foreign) {
            replay(foreign);
        }
    }

    private void replay(ForeignRecord foreign) {
        if (!kinds.replay(foreign)) {
            groups.reserve(foreign);
        } else if (kinds.contains(foreign.groupId())) {
            groups.yieldTo(foreign.groupId());
        }
    }

    private void ensureGroup(String groupId) {
        if (!consumerGroups.contains(groupId)) {
            groups.replayOffsetOf(groupId);
        }
    }

    @Override
    public void replayPending(long producerId, short producerEpoch, GroupRecord record) {
        if (record instanceof OffsetRecord offset) {
            ensureGroup(offset.groupId());
            offsets.replayPending(producerId, offset);
        }
    }

    @Override
    public void endTransaction(long producerId, short producerEpoch, boolean committed) {
        offsets.endTransaction(producerId, committed);
    }

    @Override
    public void loaded(Turn<GroupRecord> turn) {
        membership.loaded(turn);
        consumers.loaded();
        kinds.loaded(turn);
        removals.begin();
    }

    @Override
    public void unloaded(ErrorCode error) {
        membership.unloaded(error);
        kinds.unloaded(error);
    }

    /** Topics have come, changed or gone. */
    public void topicsChanged(Turn<GroupRecord> turn) {
        consumers.topicsChanged();
        kinds.topicsChanged(turn);
    }

    /** Topics are gone. */
    public void topicsDeleted(Turn<GroupRecord> turn, Map<Uuid, String> topics) {
        removals.topicsDeleted(turn, topics);
    }

    public HostedKinds kinds() {
        return kinds;
    }

    public ClassicGroups groups() {
        return groups;
    }

    public ConsumerGroups consumerGroups() {
        return consumerGroups;
    }

    public ConsumerMembership consumers() {
        return consumers;
    }

    public ConsumerGroupDescriptions descriptions() {
        return descriptions;
    }

    public OffsetTable offsets() {
        return offsets;
    }

    public Membership membership() {
        return membership;
    }

    public OffsetCommits commits() {
        return commits;
    }

    public PendingCommits pendingCommits() {
        return pendingCommits;
    }

    public OffsetFetches fetches() {
        return fetches;
    }

    public OffsetRemovals removals() {
        return removals;
    }

    public GroupListing listing() {
        return listing;
    }
}
