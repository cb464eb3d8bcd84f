package io.sluice.coordinator.share.group;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.message.ShareGroupDescribeResponse.Assignment;
import io.sluice.protocol.message.ShareGroupDescribeResponse.DescribedGroup;
import io.sluice.protocol.message.ShareGroupDescribeResponse.Member;
import io.sluice.protocol.message.ShareGroupDescribeResponse.TopicPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What administrators are told of share groups. For one state machine. */
public final class ShareDescriptions {
    private final ShareGroupTable groups;

    ShareDescriptions(ShareGroupTable groups) {
        this.groups = groups;
    }

    /** One group; one that is not there is an error. */
    public DescribedGroup describe(String groupId, MetadataImage image) {
        ShareGroup group = groups.find(groupId);
        if (group == null) {
            return new DescribedGroup()
                    .setGroupId(groupId)
                    .setErrorCode(ErrorCode.GROUP_ID_NOT_FOUND.code())
                    .setErrorMessage("Group " + groupId + " not found.");
        }
        List<Member> members = new ArrayList<>(group.members().size());
        for (ShareMember member : group.members()) {
            members.add(new Member()
                    .setMemberId(member.memberId())
                    .setRackId(member.rackId())
                    .setMemberEpoch(member.epoch())
                    .setClientId(member.clientId())
                    .setClientHost(member.clientHost())
                    .setSubscribedTopicNames(member.topics())
                    .setAssignment(assignment(member.assigned(), image)));
        }
        return new DescribedGroup()
                .setGroupId(groupId)
                .setGroupState(group.state())
                .setGroupEpoch(group.epoch())
                .setAssignmentEpoch(group.assignmentEpoch())
                .setAssignorName(SimpleAssignor.NAME)
                .setMembers(members);
    }

    private static Assignment assignment(PartitionSet partitions, MetadataImage image) {
        List<TopicPartitions> topics = new ArrayList<>();
        partitions.byTopic().forEach((id, numbers) -> {
            TopicImage topic = image.topic(id);
            if (topic != null) {
                topics.add(new TopicPartitions()
                        .setTopicId(id)
                        .setTopicName(topic.name())
                        .setPartitions(List.copyOf(numbers)));
            }
        });
        return new Assignment().setTopicPartitions(topics);
    }

    /** Of which partitions a state is kept for a group; of none when there is no such group. */
    public Map<Uuid, Set<Integer>> initialized(String groupId) {
        ShareGroup group = groups.find(groupId);
        return group == null ? Map.of() : group.states().initialized().byTopic();
    }
}
