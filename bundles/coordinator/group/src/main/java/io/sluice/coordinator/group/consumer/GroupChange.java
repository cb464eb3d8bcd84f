package io.sluice.coordinator.group.consumer;

import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.api.ConsumerAssignor;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.group.assignor.Assignors;
import io.sluice.coordinator.group.consumer.HeartbeatOutcome.ResolvedRegexes;
import io.sluice.coordinator.group.record.ConsumerGroupRecord;
import io.sluice.coordinator.group.record.GroupRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one heartbeat changes in its group, worked out beside the group, which stays as it is until the records are replayed. To be used once.
 */
final class GroupChange {
    private static final long REGEX_PAUSE_MS = 10_000L;

    private final ConsumerGroup group;
    private final MemberLookup lookup;
    private final ConsumerMember member;
    private final MetadataImage image;
    private final long nowMs;
    private final ConsumerLimits limits;
    private final Assignors assignors;
    private final List<GroupRecord> records = new ArrayList<>();
    private final Map<String, Set<String>> regexes;
    private int epoch;
    private boolean metadataSeen;

    /** @param member as it is after the heartbeat, but for what it has */
    GroupChange(
            ConsumerGroup group,
            MemberLookup lookup,
            ConsumerMember member,
            MetadataImage image,
            long nowMs,
            ConsumerLimits limits,
            Assignors assignors) {
        this.group = group;
        this.lookup = lookup;
        this.member = member;
        this.image = image;
        this.nowMs = nowMs;
        this.limits = limits;
        this.assignors = assignors;
        this.regexes = new TreeMap<>(group.regexes());
        this.epoch = group.epoch();
    }

    String groupId() {
        return group.groupId();
    }

    List<GroupRecord> records() {
        return records;
    }

    /** The regular expressions whose topics must be looked up: new ones, and from time to time all of them. */
    Set<String> regexesToResolve() {
        MemberMetadata metadata = member.metadata();
        boolean anyNew = metadata.hasRegex() && !group.regexes().containsKey(metadata.regex());
        if (!anyNew && (group.regexes().isEmpty() || !areRegexesDue())) {
            return Set.of();
        }
        Set<String> subscribed = new TreeSet<>();
        if (metadata.hasRegex()) {
            subscribed.add(metadata.regex());
        }
        for (ConsumerMember other : group.members()) {
            if (other.metadata().hasRegex() && !isOld(other)) {
                subscribed.add(other.metadata().regex());
            }
        }
        return subscribed;
    }

    private boolean areRegexesDue() {
        if (group.regexesResolvedMs() == Long.MIN_VALUE) {
            return true;
        }
        long sinceMs = nowMs - group.regexesResolvedMs();
        return sinceMs >= REGEX_PAUSE_MS && (group.areRegexesStale() || sinceMs >= limits.regexRefreshIntervalMs());
    }

    /** True for the members in whose place this one is. */
    private boolean isOld(ConsumerMember other) {
        return other.memberId().equals(member.memberId())
                || (lookup.replaced() != null
                        && other.memberId().equals(lookup.replaced().memberId()));
    }

    /**
     * Works everything out; the member as it is then.
     *
     * @throws AssignorException when there can be no target assignment; nothing has happened then
     */
    ConsumerMember decide(ResolvedRegexes resolved, @Nullable Set<PartitionId> reported) {
        writeMember();
        boolean changed = takeRegexes(resolved) | hasSubscriptionChanged();
        if (changed || group.isMetadataStale()) {
            long hash = TopicsHash.of(topicsAfter(), image);
            metadataSeen = true;
            if (changed || hash != group.metadataHash()) {
                epoch = group.epoch() + 1;
                records.add(GroupRecords.epoch(group.groupId(), epoch, hash));
            }
        }
        int targetEpoch = group.targetEpoch();
        Set<PartitionId> target = group.target(
                lookup.replaced() == null
                        ? member.memberId()
                        : lookup.replaced().memberId());
        if (epoch > targetEpoch && mayAssign()) {
            target = assign(membersAfter());
            targetEpoch = epoch;
        }
        return reconcile(targetEpoch, target, changed, reported);
    }

    /** Keeps beside the changed group what is not written down. */
    void remember(ConsumerGroup changed, ResolvedRegexes resolved) {
        if (metadataSeen) {
            changed.metadataSeen();
        }
        if (resolved != ResolvedRegexes.NONE) {
            changed.regexesResolved(nowMs, resolved.version() >= image.offset());
        }
    }

    private void writeMember() {
        ConsumerMember replaced = lookup.replaced();
        if (replaced != null) {
            records.addAll(GroupRecords.memberGone(group.groupId(), replaced.memberId()));
            records.add(GroupRecords.member(group.groupId(), member));
            records.add(GroupRecords.target(group.groupId(), member.memberId(), group.target(replaced.memberId())));
            records.add(GroupRecords.current(group.groupId(), member));
        } else if (lookup.member() == null || !lookup.member().metadata().equals(member.metadata())) {
            records.add(GroupRecords.member(group.groupId(), member));
        }
    }

    /** The member before the heartbeat, or whose place it takes; null for a new one. */
    private @Nullable ConsumerMember former() {
        return lookup.replaced() == null ? lookup.member() : lookup.replaced();
    }

    /** The names of all topics that the group subscribes to then. */
    private Set<String> topicsAfter() {
        Set<String> names = group.topicsNamedBeside(former());
        names.addAll(member.metadata().topics());
        regexes.values().forEach(names::addAll);
        return names;
    }

    private boolean hasSubscriptionChanged() {
        ConsumerMember former = former();
        if (former == null) {
            return true;
        }
        MemberMetadata before = former.metadata();
        MemberMetadata after = member.metadata();
        return !before.topics().equals(after.topics())
                || !before.regex().equals(after.regex())
                || (!Objects.equals(before.assignor(), after.assignor())
                        && !ConsumerGroup.preferredAssignor(group.members(), assignors)
                                .equals(ConsumerGroup.preferredAssignor(membersAfter(), assignors)));
    }

    /** Takes over what was looked up, and forgets what nobody subscribes to any more; true when that changes anybody's topics. */
    private boolean takeRegexes(ResolvedRegexes resolved) {
        ConsumerMember former = former();
        String before = former == null ? "" : former.metadata().regex();
        if (resolved.topics().isEmpty() && before.equals(member.metadata().regex())) {
            return false;
        }
        Set<String> subscribed = new HashSet<>();
        subscribed.add(member.metadata().regex());
        boolean changed = false;
        for (ConsumerMember other : group.members()) {
            if (!isOld(other)) {
                subscribed.add(other.metadata().regex());
            }
        }
        for (Map.Entry<String, Set<String>> entry : resolved.topics().entrySet()) {
            String regex = entry.getKey();
            if (subscribed.contains(regex) && !entry.getValue().equals(regexes.get(regex))) {
                regexes.put(regex, entry.getValue());
                records.add(GroupRecords.regex(group.groupId(), regex, entry.getValue(), resolved.version(), nowMs));
                changed = true;
            }
        }
        for (String regex : group.regexes().keySet()) {
            if (!subscribed.contains(regex)) {
                regexes.remove(regex);
                records.add(new ConsumerGroupRecord.Regex(group.groupId(), regex, null));
            }
        }
        return changed;
    }

    private Collection<ConsumerMember> membersAfter() {
        Map<String, ConsumerMember> members = new LinkedHashMap<>();
        for (ConsumerMember other : group.members()) {
            if (!isOld(other)) {
                members.put(other.memberId(), other);
            }
        }
        members.put(member.memberId(), member);
        return members.values();
    }

    /** The first assignment is made at once; later ones not more often than is configured. */
    private boolean mayAssign() {
        return group.targetEpoch() <= 0
                || group.size() <= 1
                || nowMs - group.targetSinceMs() >= limits.assignmentIntervalMs();
    }

    private Set<PartitionId> assign(Collection<ConsumerMember> members) {
        String name = ConsumerGroup.preferredAssignor(members, assignors);
        ConsumerAssignor assignor = assignors.named(name);
        if (assignor == null) {
            throw new AssignorException(name, "it has gone away just now", null);
        }
        ConsumerMember replaced = lookup.replaced();
        Map<String, Set<PartitionId>> targets;
        try {
            targets = new Subscriptions(members, regexes, image)
                    .assign(
                            assignor,
                            id -> group.target(
                                    replaced != null && id.equals(member.memberId()) ? replaced.memberId() : id));
        } catch (RuntimeException e) {
            throw new AssignorException(name, String.valueOf(e.getMessage()), e);
        }
        for (Map.Entry<String, Set<PartitionId>> entry : new TreeMap<>(targets).entrySet()) {
            String memberId = entry.getKey();
            boolean isNew = memberId.equals(member.memberId()) && lookup.member() == null;
            if (isNew || !entry.getValue().equals(group.target(memberId))) {
                records.add(GroupRecords.target(group.groupId(), memberId, entry.getValue()));
            }
        }
        records.add(GroupRecords.targetEpoch(group.groupId(), epoch, nowMs));
        return targets.getOrDefault(member.memberId(), Set.of());
    }

    private ConsumerMember reconcile(
            int targetEpoch, Set<PartitionId> target, boolean changed, @Nullable Set<PartitionId> reported) {
        String replacedId = lookup.replaced() == null ? null : lookup.replaced().memberId();
        Reconciliation reconciliation = new Reconciliation(
                targetEpoch,
                target,
                this::isSubscribed,
                changed,
                partition -> {
                    String owner = group.ownerOf(partition);
                    return owner == null || owner.equals(member.memberId()) || owner.equals(replacedId);
                },
                reported);
        CurrentAssignment next = reconciliation.next(member.current());
        if (next.equals(member.current())) {
            return member;
        }
        ConsumerMember after = member.with(next);
        records.add(GroupRecords.current(group.groupId(), after));
        return after;
    }

    private boolean isSubscribed(PartitionId partition) {
        TopicImage topic = image.topic(partition.topicId());
        MemberMetadata metadata = member.metadata();
        return topic != null
                && (metadata.topics().contains(topic.name())
                        || (metadata.hasRegex()
                                && regexes.getOrDefault(metadata.regex(), Set.of())
                                        .contains(topic.name())));
    }
}
