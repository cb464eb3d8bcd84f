package io.sluice.coordinator.share.group;

import io.sluice.base.Uuid;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.runtime.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides who reads what, and writes it. Stateless. */
final class Assignments {
    private Assignments() {}

    /**
     * Makes the targets for the group's present epoch. Only partitions whose state is kept are given to anybody.
     *
     * @return false when it could not be written
     */
    static boolean assign(Turn<KindRecord> turn, ShareGroup group, SubscribedTopics topics) {
        PartitionSet readable = intersection(group.states().initialized(), topics.partitions());
        List<SimpleAssignor.Reader> readers = new ArrayList<>(group.members().size());
        for (ShareMember member : group.members()) {
            readers.add(new SimpleAssignor.Reader(member.memberId(), topics.of(member), member.target()));
        }
        List<KindRecord> records = new ArrayList<>();
        SimpleAssignor.assign(readers, readable).forEach((memberId, target) -> {
            ShareMember member = group.member(memberId);
            if (member != null && !member.target().equals(target)) {
                records.add(ShareGroupRecords.target(group.groupId(), memberId, target));
            }
        });
        records.add(ShareGroupRecords.targetEpoch(group.groupId(), group.epoch(), turn.nowMs()));
        return turn.write(records);
    }

    private static PartitionSet intersection(PartitionSet one, PartitionSet other) {
        Map<Uuid, Set<Integer>> both = new HashMap<>();
        one.byTopic().forEach((topic, partitions) -> {
            Set<Integer> common = new java.util.TreeSet<>(partitions);
            common.retainAll(other.of(topic));
            both.put(topic, common);
        });
        return PartitionSet.of(both);
    }

    /**
     * Tells a member what its target is, under the epoch of the targets. Writes nothing when it knows. Topics that it has given up since the targets
     * were made are left out.
     */
    static boolean reconcile(Turn<KindRecord> turn, ShareGroup group, ShareMember member, MetadataImage image) {
        int epoch = Math.max(1, group.assignmentEpoch());
        PartitionSet wanted = wanted(member, image);
        if (member.epoch() == epoch && member.assigned().equals(wanted)) {
            return true;
        }
        return turn.write(List.of(ShareGroupRecords.current(group.groupId(), member, epoch, wanted)));
    }

    private static PartitionSet wanted(ShareMember member, MetadataImage image) {
        Map<Uuid, Set<Integer>> left = new HashMap<>(member.target().byTopic());
        boolean all = !left.keySet().removeIf(id -> {
            TopicImage topic = image.topic(id);
            return topic == null || !member.topics().contains(topic.name());
        });
        return all ? member.target() : PartitionSet.of(left);
    }
}
