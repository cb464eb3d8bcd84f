package io.sluice.admin.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.admin.api.CommandException;
import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ConsumerGroupDescribeRequest;
import io.sluice.protocol.message.ConsumerGroupDescribeResponse;
import io.sluice.protocol.message.DescribeGroupsRequest;
import io.sluice.protocol.message.DescribeGroupsResponse;
import io.sluice.protocol.message.ListGroupsRequest;
import io.sluice.protocol.message.ListGroupsResponse;
import io.sluice.protocol.message.ShareGroupDescribeRequest;
import io.sluice.protocol.message.ShareGroupDescribeResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GroupDescriptionsTest {
    private final BrokerFake broker = new BrokerFake();
    private final BrokerAccess access = broker.access();
    private final GroupDescriptions descriptions = new GroupDescriptions(access, new GroupCoordinatorCalls(access));

    private void list(String group, String type) {
        broker.answer(ApiKey.LIST_GROUPS, ListGroupsRequest.class, request -> new ListGroupsResponse()
                .setGroups(List.of(
                        new ListGroupsResponse.ListedGroup().setGroupId(group).setGroupType(type))));
    }

    @Test
    void shouldAskForAGroupOfTheConsumerProtocolInItsOwnWay() throws Exception {
        list("readers", "Consumer");
        ConsumerGroupDescribeResponse.Assignment assignment = new ConsumerGroupDescribeResponse.Assignment()
                .setTopicPartitions(List.of(new ConsumerGroupDescribeResponse.TopicPartitions()
                        .setTopicName("orders")
                        .setPartitions(List.of(0, 2))));
        broker.answer(
                ApiKey.CONSUMER_GROUP_DESCRIBE,
                ConsumerGroupDescribeRequest.class,
                request -> new ConsumerGroupDescribeResponse()
                        .setGroups(List.of(new ConsumerGroupDescribeResponse.DescribedGroup()
                                .setGroupId(request.groupIds().get(0))
                                .setGroupState("Stable")
                                .setGroupEpoch(4)
                                .setAssignorName("uniform")
                                .setMembers(List.of(new ConsumerGroupDescribeResponse.Member()
                                        .setMemberId("m")
                                        .setMemberEpoch(4)
                                        .setAssignment(assignment))))));

        GroupDescriptions.Description found = descriptions.describe("readers");

        assertThat(found.facts())
                .containsEntry("type", "consumer")
                .containsEntry("state", "Stable")
                .containsEntry("assignor", "uniform");
        assertThat(found.members().get(0)).containsEntry("partitions", "orders-0 orders-2");
    }

    @Test
    void shouldAskForAShareGroupInItsOwnWay() throws Exception {
        list("workers", "Share");
        broker.answer(
                ApiKey.SHARE_GROUP_DESCRIBE,
                ShareGroupDescribeRequest.class,
                request -> new ShareGroupDescribeResponse()
                        .setGroups(List.of(new ShareGroupDescribeResponse.DescribedGroup()
                                .setGroupId(request.groupIds().get(0))
                                .setGroupState("Stable")
                                .setMembers(List.of(new ShareGroupDescribeResponse.Member()
                                        .setMemberId("m")
                                        .setSubscribedTopicNames(List.of("orders", "returns")))))));

        GroupDescriptions.Description found = descriptions.describe("workers");

        assertThat(found.facts()).containsEntry("type", "share");
        assertThat(found.members().get(0)).containsEntry("topics", "orders returns");
    }

    @Test
    void shouldSayThatThereIsNoSuchGroup() {
        list("readers", "Classic");
        broker.answer(ApiKey.DESCRIBE_GROUPS, DescribeGroupsRequest.class, request -> new DescribeGroupsResponse()
                .setGroups(List.of(new DescribeGroupsResponse.DescribedGroup()
                        .setGroupId("writers")
                        .setGroupState("Dead")
                        .setErrorCode(ErrorCode.GROUP_ID_NOT_FOUND.code()))));

        assertThatThrownBy(() -> descriptions.describe("writers"))
                .isInstanceOf(CommandException.class)
                .hasMessage("there is no group writers; group:list shows them");
    }
}
