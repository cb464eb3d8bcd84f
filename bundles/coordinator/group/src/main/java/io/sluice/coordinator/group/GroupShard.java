package io.sluice.coordinator.group;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.coordinator.group.classic.ClassicGroups;
import io.sluice.coordinator.group.classic.Membership;
import io.sluice.coordinator.group.consumer.ConsumerGroupDescriptions;
import io.sluice.coordinator.group.consumer.ConsumerGroups;
import io.sluice.coordinator.group.consumer.ConsumerMembership;
import io.sluice.coordinator.group.offset.OffsetCommits;
import io.sluice.coordinator.group.offset.OffsetFetches;
import io.sluice.coordinator.group.offset.OffsetRemovals;
import io.sluice.coordinator.group.offset.OffsetTable;
import io.sluice.coordinator.group.record.ConsumerGroupRecord;
import io.sluice.coordinator.group.record.GroupMetadataRecord;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.group.record.OffsetRecord;
import io.sluice.coordinator.group.record.OpaqueRecord;
import io.sluice.coordinator.runtime.StateMachine;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import java.util.function.Supplier;

/** The group coordinator's state of one partition of {@code __consumer_offsets}. */
public final class GroupShard implements StateMachine<GroupRecord> {
    private final ClassicGroups groups = new ClassicGroups();
    private final ConsumerGroups consumerGroups = new ConsumerGroups();
    private final OffsetTable offsets = new OffsetTable();
    private final Membership membership;
    private final ConsumerMembership consumers;
    private final ConsumerGroupDescriptions descriptions;
    private final OffsetCommits commits;
    private final OffsetFetches fetches;
    private final OffsetRemovals removals;
    private final GroupListing listing;

    public GroupShard(
            Timers<GroupRecord> timers,
            RandomSource random,
            Supplier<MetadataImage> image,
            Supplier<GroupConfig> config) {
        this.consumers = new ConsumerMembership(consumerGroups, groups, timers, random, image, () -> config.get()
                .consumers());
        this.descriptions = new ConsumerGroupDescriptions(consumerGroups, image);
        this.membership = new Membership(
                groups, consumers::vacate, timers, random, () -> config.get().groups());
        this.commits = new OffsetCommits(
                groups, consumerGroups, membership, () -> config.get().offsets());
        this.fetches = new OffsetFetches(consumerGroups, offsets);
        this.removals = new OffsetRemovals(
                groups, consumerGroups, offsets, timers, () -> config.get().offsets());
        this.listing = new GroupListing(groups, consumerGroups);
    }

    @Override
    public void replay(GroupRecord record) {
        if (record instanceof OffsetRecord offset) {
            if (offset.value() != null && !consumerGroups.contains(offset.groupId())) {
                groups.replayOffsetOf(offset.groupId());
            }
            offsets.replay(offset);
        } else if (record instanceof GroupMetadataRecord metadata) {
            groups.replay(metadata);
        } else if (record instanceof ConsumerGroupRecord consumer) {
            if (!consumer.isTombstone()) {
                groups.yieldTo(consumer.groupId());
            }
            consumerGroups.replay(consumer);
        } else if (record instanceof OpaqueRecord opaque) {
            groups.replay(opaque);
        }
    }

    @Override
    public void loaded(Turn<GroupRecord> turn) {
        membership.loaded(turn);
        consumers.loaded();
        removals.begin();
    }

    @Override
    public void unloaded(ErrorCode error) {
        membership.unloaded(error);
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
