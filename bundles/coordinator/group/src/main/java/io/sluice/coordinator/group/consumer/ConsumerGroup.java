package io.sluice.coordinator.group.consumer;

import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.group.assignor.Assignors;
import io.sluice.coordinator.group.classic.JoinProtocol;
import io.sluice.coordinator.group.record.ConsumerGroupRecord;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A group of the consumer protocol: three epochs (the group's, its target assignment's, each member's) that follow each other, and what each member
 * is to have and has. Changed by records alone, but for {@link #metadataStale} and the like, which are known anew after each load.
 */
public final class ConsumerGroup {
    /** The epoch with which a member leaves. */
    public static final int EPOCH_OF_LEAVING_MEMBER = -1;

    /** The epoch of a static member that is away and will come back. */
    public static final int EPOCH_OF_ABSENT_STATIC_MEMBER = -2;

    private final String groupId;
    private final Map<String, ConsumerMember> members = new LinkedHashMap<>();
    private final Map<String, String> memberIdsByInstance = new HashMap<>();
    private final Map<String, Set<PartitionId>> targets = new HashMap<>();
    private final Map<PartitionId, String> owners = new HashMap<>();
    private final Map<String, Set<String>> regexes = new TreeMap<>();
    private final Map<String, Integer> subscribers = new HashMap<>();
    private int epoch;
    private int targetEpoch;
    private long metadataHash;
    private long targetSinceMs;
    private boolean metadataStale = true;
    private boolean regexesStale = true;
    private long regexesResolvedMs = Long.MIN_VALUE;

    public ConsumerGroup(String groupId) {
        this.groupId = groupId;
    }

    public String groupId() {
        return groupId;
    }

    /** The group's epoch; each change of members, subscriptions or topics raises it. */
    public int epoch() {
        return epoch;
    }

    /** The epoch that the target assignment is for. */
    public int targetEpoch() {
        return targetEpoch;
    }

    /** When the target assignment was made, in milliseconds since the epoch. */
    long targetSinceMs() {
        return targetSinceMs;
    }

    long metadataHash() {
        return metadataHash;
    }

    public Collection<ConsumerMember> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    public int size() {
        return members.size();
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    public @Nullable ConsumerMember member(String memberId) {
        return members.get(memberId);
    }

    @Nullable
    ConsumerMember staticMember(String instanceId) {
        String memberId = memberIdsByInstance.get(instanceId);
        return memberId == null ? null : members.get(memberId);
    }

    /** Whether there is a member of that id, or one that has the instance id. */
    boolean knows(String memberId, @Nullable String instanceId) {
        return members.containsKey(memberId) || (instanceId != null && memberIdsByInstance.containsKey(instanceId));
    }

    /** What a member is to have. */
    public Set<PartitionId> target(String memberId) {
        return targets.getOrDefault(memberId, Set.of());
    }

    /** Who has a partition or has not said yet that it gave it up; null when nobody. */
    @Nullable
    String ownerOf(PartitionId partition) {
        return owners.get(partition);
    }

    /** The topics of each regular expression that has been looked up. */
    Map<String, Set<String>> regexes() {
        return Collections.unmodifiableMap(regexes);
    }

    public ConsumerGroupState state() {
        if (members.isEmpty()) {
            return ConsumerGroupState.EMPTY;
        }
        if (epoch > targetEpoch) {
            return ConsumerGroupState.ASSIGNING;
        }
        for (ConsumerMember member : members.values()) {
            if (!member.current().isReconciledTo(targetEpoch)) {
                return ConsumerGroupState.RECONCILING;
            }
        }
        return ConsumerGroupState.STABLE;
    }

    /** The assignor that most members ask for; of equals the first by name; the default when nobody asks. */
    public static String preferredAssignor(Collection<ConsumerMember> members, Assignors assignors) {
        List<String> known = assignors.names();
        Map<String, Integer> votes = new TreeMap<>();
        for (ConsumerMember member : members) {
            String wanted = member.metadata().assignor();
            if (wanted != null && known.contains(wanted)) {
                votes.merge(wanted, 1, Integer::sum);
            }
        }
        String preferred = known.get(0);
        int most = 0;
        for (Map.Entry<String, Integer> vote : votes.entrySet()) {
            if (vote.getValue() > most) {
                most = vote.getValue();
                preferred = vote.getKey();
            }
        }
        return preferred;
    }

    /** True when there are members, but for this one, and all of them use the classic protocol. */
    boolean isClassicBut(@Nullable String memberId) {
        int others = 0;
        for (ConsumerMember member : members.values()) {
            if (!member.memberId().equals(memberId)) {
                if (!member.metadata().isClassic()) {
                    return false;
                }
                others++;
            }
        }
        return others > 0;
    }

    /** Whether a member that speaks these protocols of consumers can be told one that all classic members speak. */
    boolean accepts(ClassicProtocols joining) {
        for (JoinProtocol protocol : joining.protocols()) {
            boolean common = true;
            for (ConsumerMember member : members.values()) {
                ClassicProtocols classic = member.metadata().classic();
                common &= classic == null || classic.speaks(protocol.name());
            }
            if (common) {
                return true;
            }
        }
        return false;
    }

    /** True while a partition that the member is to have is somebody else's. */
    boolean isWaitingForOthers(ConsumerMember member) {
        for (PartitionId partition : target(member.memberId())) {
            String owner = ownerOf(partition);
            if (owner != null && !owner.equals(member.memberId())) {
                return true;
            }
        }
        return false;
    }

    public boolean isSubscribedTo(String topic) {
        if (subscribers.containsKey(topic)) {
            return true;
        }
        for (Set<String> matched : regexes.values()) {
            if (matched.contains(topic)) {
                return true;
            }
        }
        return false;
    }

    /** The topics that members other than this one subscribe to by name. */
    Set<String> topicsNamedBeside(@Nullable ConsumerMember member) {
        Set<String> names = new HashSet<>(subscribers.keySet());
        if (member != null) {
            for (String topic : member.metadata().topics()) {
                if (subscribers.getOrDefault(topic, 0) <= 1) {
                    names.remove(topic);
                }
            }
        }
        return names;
    }

    private void count(MemberMetadata metadata, int difference) {
        for (String topic : metadata.topics()) {
            int count = subscribers.getOrDefault(topic, 0) + difference;
            if (count == 0) {
                subscribers.remove(topic);
            } else {
                subscribers.put(topic, count);
            }
        }
    }

    int subscribersOf(String regex) {
        int count = 0;
        for (ConsumerMember member : members.values()) {
            if (member.metadata().regex().equals(regex)) {
                count++;
            }
        }
        return count;
    }

    // ---- what is known anew after each load

    /** Whether topics may have changed since the hash was taken. */
    boolean isMetadataStale() {
        return metadataStale;
    }

    void metadataSeen() {
        metadataStale = false;
    }

    /** Topics have come, changed or gone. */
    void topicsChanged() {
        metadataStale = true;
        regexesStale = true;
    }

    boolean areRegexesStale() {
        return regexesStale;
    }

    long regexesResolvedMs() {
        return regexesResolvedMs;
    }

    /** @param current whether no topics can have come since they were looked up */
    void regexesResolved(long nowMs, boolean current) {
        regexesStale = !current;
        regexesResolvedMs = nowMs;
    }

    // ---- records

    /**
     * Takes a record. What is left of a log that is being compacted may come in an order in which a partition seems to have two owners for a while:
     * the later record is right.
     */
    void replay(ConsumerGroupRecord record) {
        if (record instanceof ConsumerGroupRecord.Epoch change && change.value() != null) {
            epoch = change.value().epoch();
            metadataHash = change.value().metadataHash();
        } else if (record instanceof ConsumerGroupRecord.Member change) {
            replay(change);
        } else if (record instanceof ConsumerGroupRecord.TargetEpoch change) {
            targetEpoch = change.value() == null ? -1 : change.value().assignmentEpoch();
            targetSinceMs = change.value() == null ? 0L : change.value().assignmentTimestamp();
        } else if (record instanceof ConsumerGroupRecord.Target change) {
            if (change.value() == null) {
                targets.remove(change.memberId());
            } else {
                targets.put(change.memberId(), GroupRecords.read(change.value()));
            }
        } else if (record instanceof ConsumerGroupRecord.Current change) {
            replay(change);
        } else if (record instanceof ConsumerGroupRecord.Regex change) {
            if (change.value() == null) {
                regexes.remove(change.regex());
            } else {
                regexes.put(change.regex(), Set.copyOf(change.value().topics()));
            }
        }
    }

    private void replay(ConsumerGroupRecord.Member change) {
        String memberId = change.memberId();
        ConsumerMember former = members.get(memberId);
        if (former != null) {
            count(former.metadata(), -1);
            if (former.metadata().instanceId() != null) {
                memberIdsByInstance.remove(former.metadata().instanceId(), memberId);
            }
        }
        if (change.value() == null) {
            if (former != null) {
                release(former);
                members.remove(memberId);
            }
            return;
        }
        MemberMetadata metadata = GroupRecords.read(change.value());
        count(metadata, 1);
        members.put(memberId, (former == null ? ConsumerMember.fresh(memberId) : former).with(metadata));
        if (metadata.instanceId() != null) {
            memberIdsByInstance.put(metadata.instanceId(), memberId);
        }
    }

    private void replay(ConsumerGroupRecord.Current change) {
        String memberId = change.memberId();
        ConsumerMember former = members.get(memberId);
        if (former != null) {
            release(former);
        }
        if (change.value() == null) {
            if (former != null) {
                members.put(memberId, former.with(CurrentAssignment.NONE));
            }
            return;
        }
        CurrentAssignment current = GroupRecords.read(change.value());
        members.put(memberId, (former == null ? ConsumerMember.fresh(memberId) : former).with(current));
        for (Collection<PartitionId> owned :
                List.of(current.assigned().keySet(), current.revoking().keySet())) {
            for (PartitionId partition : owned) {
                owners.put(partition, memberId);
            }
        }
    }

    private void release(ConsumerMember member) {
        for (PartitionId partition : member.current().assigned().keySet()) {
            owners.remove(partition, member.memberId());
        }
        for (PartitionId partition : member.current().revoking().keySet()) {
            owners.remove(partition, member.memberId());
        }
    }

    @Override
    public String toString() {
        return "ConsumerGroup(" + groupId + ", " + state().label() + ", epoch " + epoch + ", " + members.size()
                + " members)";
    }
}
