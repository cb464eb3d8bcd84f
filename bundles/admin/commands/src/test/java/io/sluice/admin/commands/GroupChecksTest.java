package io.sluice.admin.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.admin.api.HealthCheck.Finding;
import io.sluice.base.TopicPartition;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeShareGroupOffsetsRequest;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponsePartition;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseTopic;
import io.sluice.protocol.message.ListGroupsRequest;
import io.sluice.protocol.message.ListGroupsResponse;
import io.sluice.protocol.message.OffsetFetchRequest;
import io.sluice.protocol.message.OffsetFetchResponse;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupChecksTest {
    private final BrokerFake broker = new BrokerFake();
    private final BrokerAccess access = broker.access();
    private final List<ListGroupsResponse.ListedGroup> groups = new ArrayList<>();
    private long nowMs = 1_000L;
    private final RebalanceWatch watch = new RebalanceWatch(access.client, () -> nowMs);
    private final GroupChecks checks = new GroupChecks(access, watch);

    @BeforeEach
    void answers() {
        broker.topic("t", 2);
        broker.end(new TopicPartition("t", 0), 100L);
        broker.end(new TopicPartition("t", 1), 100L);
        broker.answer(
                ApiKey.LIST_GROUPS, ListGroupsRequest.class, request -> new ListGroupsResponse().setGroups(groups));
        broker.answer(ApiKey.OFFSET_FETCH, OffsetFetchRequest.class, request -> new OffsetFetchResponse()
                .setGroups(request.groups().stream()
                        .map(group -> committed(group.groupId(), 60L, 100L))
                        .toList()));
        broker.answer(
                ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS,
                DescribeShareGroupOffsetsRequest.class,
                request -> new DescribeShareGroupOffsetsResponse()
                        .setGroups(List.of(new DescribeShareGroupOffsetsResponseGroup()
                                .setGroupId(request.groups().get(0).groupId())
                                .setTopics(List.of(new DescribeShareGroupOffsetsResponseTopic()
                                        .setTopicName("t")
                                        .setPartitions(List.of(new DescribeShareGroupOffsetsResponsePartition()
                                                .setStartOffset(10L)
                                                .setLag(7L))))))));
    }

    private static OffsetFetchResponseGroup committed(String group, long... offsets) {
        List<OffsetFetchResponsePartitions> partitions = new ArrayList<>();
        for (int i = 0; i < offsets.length; i++) {
            partitions.add(
                    new OffsetFetchResponsePartitions().setPartitionIndex(i).setCommittedOffset(offsets[i]));
        }
        return new OffsetFetchResponseGroup()
                .setGroupId(group)
                .setTopics(List.of(new OffsetFetchResponseTopics().setName("t").setPartitions(partitions)));
    }

    private void group(String name, String type, String state) {
        groups.add(new ListGroupsResponse.ListedGroup()
                .setGroupId(name)
                .setGroupType(type)
                .setGroupState(state));
    }

    @Test
    void shouldTellOfGroupsWithoutMembersThatLag() {
        group("alive", "Consumer", "Stable");
        group("left", "Classic", "Empty");
        group("shared", "Share", "Empty");

        List<Finding> findings = checks.look();

        assertThat(findings).extracting(Finding::about).containsExactly("group left", "group shared");
        assertThat(findings.get(0).problem()).isEqualTo("it has no members and is 40 records behind in 1 partitions");
        assertThat(findings.get(1).problem()).contains("7 records behind");
    }

    @Test
    void shouldTellOfManyInOneSentence() {
        for (int i = 0; i < 30; i++) {
            group("left-" + i, "Classic", "Empty");
        }
        List<Finding> findings = checks.look();
        assertThat(findings).hasSize(21);
        assertThat(findings.get(20).problem()).isEqualTo("10 more have no members and lag behind");
    }

    @Test
    void shouldTellOfARebalanceThatDoesNotEnd() {
        group("slow", "Classic", "PreparingRebalance");
        watch.look();
        nowMs += 200_000L;
        groups.set(0, groups.get(0).setGroupState("CompletingRebalance"));
        watch.look();
        assertThat(checks.look()).isEmpty();
        nowMs += 200_000L;
        assertThat(checks.look())
                .singleElement()
                .extracting(Finding::problem)
                .isEqualTo("it has been rebalancing for 6 min (CompletingRebalance)");
    }

    @Test
    void shouldForgetARebalanceThatHasEnded() {
        group("slow", "Consumer", "Assigning");
        watch.look();
        groups.set(0, groups.get(0).setGroupState("Stable"));
        nowMs += 200_000L;
        watch.look();
        groups.set(0, groups.get(0).setGroupState("Reconciling"));
        nowMs += 200_000L;
        watch.look();
        nowMs += 200_000L;
        assertThat(checks.look()).isEmpty();
        assertThat(watch.forMs("slow")).isEqualTo(200_000L);
    }

    @Test
    void shouldSayThatGroupsCannotBeLookedAt() {
        BrokerFake silent = new BrokerFake();
        BrokerAccess none = silent.access();
        assertThat(new GroupChecks(none, new RebalanceWatch(none.client, () -> nowMs)).look())
                .singleElement()
                .extracting(Finding::problem)
                .asString()
                .contains("nobody answers ListGroups");
    }
}
