package io.sluice.coordinator.group.consumer;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.group.assignor.Assignors;
import io.sluice.protocol.message.ConsumerGroupDescribeResponse.Assignment;
import io.sluice.protocol.message.ConsumerGroupDescribeResponse.DescribedGroup;
import io.sluice.protocol.message.ConsumerGroupDescribeResponse.Member;
import io.sluice.protocol.message.ConsumerGroupDescribeResponse.TopicPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What administrators are told of consumer groups. For one state machine. */
public final class ConsumerGroupDescriptions {
    private static final byte CLASSIC_MEMBER = 0;
    private static final byte CONSUMER_MEMBER = 1;

    private final ConsumerGroups groups;
    private final Supplier<MetadataImage> image;
    private final Assignors assignors;

    public ConsumerGroupDescriptions(ConsumerGroups groups, Supplier<MetadataImage> image, Assignors assignors) {
        this.assignors = assignors;
        this.groups = groups;
        this.image = image;
    }

    /** One group; {@code GROUP_ID_NOT_FOUND} for what is no consumer group. */
    public DescribedGroup describe(String groupId) {
        ConsumerGroup group = groups.find(groupId);
        if (group == null) {
            return new DescribedGroup()
                    .setGroupId(groupId)
                    .setErrorCode(ErrorCode.GROUP_ID_NOT_FOUND.code())
                    .setErrorMessage("Consumer group " + groupId + " not found.");
        }
        List<Member> members = new ArrayList<>(group.size());
        for (ConsumerMember member : group.members()) {
            members.add(describe(group, member));
        }
        return new DescribedGroup()
                .setGroupId(groupId)
                .setGroupState(group.state().label())
                .setGroupEpoch(group.epoch())
                .setAssignmentEpoch(group.targetEpoch())
                .setAssignorName(ConsumerGroup.preferredAssignor(group.members(), assignors))
                .setMembers(members);
    }

    private Member describe(ConsumerGroup group, ConsumerMember member) {
        MemberMetadata metadata = member.metadata();
        return new Member()
                .setMemberId(member.memberId())
                .setInstanceId(metadata.instanceId())
                .setRackId(metadata.rackId())
                .setMemberEpoch(member.current().epoch())
                .setClientId(metadata.clientId())
                .setClientHost(metadata.clientHost())
                .setSubscribedTopicNames(List.copyOf(metadata.topics()))
                .setSubscribedTopicRegex(metadata.hasRegex() ? metadata.regex() : null)
                .setAssignment(describe(member.current().assigned().keySet()))
                .setTargetAssignment(describe(group.target(member.memberId())))
                .setMemberType(metadata.isClassic() ? CLASSIC_MEMBER : CONSUMER_MEMBER);
    }

    /** Topics that are gone are left out: they have no name any more. */
    private Assignment describe(Set<PartitionId> partitions) {
        List<TopicPartitions> topics = new ArrayList<>();
        for (Map.Entry<Uuid, List<Integer>> entry :
                GroupRecords.byTopic(partitions).entrySet()) {
            TopicImage topic = image.get().topic(entry.getKey());
            if (topic != null) {
                topics.add(new TopicPartitions()
                        .setTopicId(topic.id())
                        .setTopicName(topic.name())
                        .setPartitions(entry.getValue()));
            }
        }
        return new Assignment().setTopicPartitions(topics);
    }
}
