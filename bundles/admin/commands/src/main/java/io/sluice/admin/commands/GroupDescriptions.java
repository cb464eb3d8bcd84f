package io.sluice.admin.commands;

import io.sluice.admin.api.CommandException;
import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.ConsumerGroupDescribeRequest;
import io.sluice.protocol.message.ConsumerGroupDescribeResponse;
import io.sluice.protocol.message.DescribeGroupsRequest;
import io.sluice.protocol.message.DescribeGroupsResponse;
import io.sluice.protocol.message.ListGroupsRequest;
import io.sluice.protocol.message.ListGroupsResponse;
import io.sluice.protocol.message.ListGroupsResponse.ListedGroup;
import io.sluice.protocol.message.ShareGroupDescribeRequest;
import io.sluice.protocol.message.ShareGroupDescribeResponse;
import io.sluice.protocol.message.StreamsGroupDescribeRequest;
import io.sluice.protocol.message.StreamsGroupDescribeResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What there is to say of a group, of whatever kind it is: each kind has a request of its own. */
final class GroupDescriptions {
    private static final String TYPE = "type";
    private static final String SHARE = "share";

    private final BrokerAccess access;
    private final GroupCoordinatorCalls coordinator;

    GroupDescriptions(BrokerAccess access, GroupCoordinatorCalls coordinator) {
        this.access = access;
        this.coordinator = coordinator;
    }

    /**
     * @param facts of the group as a whole, in the order in which they are shown
     * @param columns of its members
     */
    record Description(Map<String, Object> facts, List<String> columns, List<Map<String, Object>> members) {
        boolean isShare() {
            return SHARE.equals(facts.get(TYPE));
        }
    }

    List<ListedGroup> groups() throws CommandException {
        ListGroupsResponse answer = access.send(ApiKey.LIST_GROUPS, new ListGroupsRequest(), ListGroupsResponse.class);
        Answers.require(answer.errorCode(), "the groups cannot be listed");
        return answer.groups();
    }

    /** @throws CommandException when there is no such group */
    Description describe(String group) throws CommandException {
        return switch (typeOf(group)) {
            case "consumer" -> consumer(group);
            case SHARE -> share(group);
            case "streams" -> streams(group);
            default -> classic(group);
        };
    }

    boolean isShare(String group) throws CommandException {
        return typeOf(group).equals(SHARE);
    }

    /** A group that is not listed may be one whose coordinator is being loaded. */
    private String typeOf(String group) throws CommandException {
        for (ListedGroup listed : groups()) {
            if (listed.groupId().equals(group)) {
                return listed.groupType().toLowerCase(Locale.ROOT);
            }
        }
        return "classic";
    }

    private <M extends Message> M ask(ApiKey api, Message request, Class<M> type, String group, ToIntFunction<M> error)
            throws CommandException {
        return coordinator.send(api, api.highestStableVersion(), request, type, group, error);
    }

    private static void require(String group, short code, @Nullable String message) throws CommandException {
        if (code == ErrorCode.GROUP_ID_NOT_FOUND.code()) {
            throw new CommandException(1, "there is no group " + group + "; group:list shows them");
        }
        Answers.require(code, message, group + " cannot be described");
    }

    private static Map<String, Object> facts(String group, String type, String state) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("group", group);
        facts.put(TYPE, type);
        facts.put("state", state);
        return facts;
    }

    private Description classic(String name) throws CommandException {
        DescribeGroupsResponse.DescribedGroup group = ask(
                        ApiKey.DESCRIBE_GROUPS,
                        new DescribeGroupsRequest().setGroups(List.of(name)),
                        DescribeGroupsResponse.class,
                        name,
                        response -> response.groups().get(0).errorCode())
                .groups()
                .get(0);
        boolean isThere = !group.groupState().equals("Dead");
        require(name, isThere ? group.errorCode() : ErrorCode.GROUP_ID_NOT_FOUND.code(), group.errorMessage());
        Map<String, Object> facts = facts(name, "classic", group.groupState());
        facts.put("protocol", group.protocolType());
        facts.put("assignor", group.protocolData());
        List<Map<String, Object>> members = new ArrayList<>();
        for (DescribeGroupsResponse.DescribedGroupMember member : group.members()) {
            Map<String, Object> row = row(member.memberId(), member.clientId(), member.clientHost());
            row.put("instance", member.groupInstanceId());
            members.add(row);
        }
        return new Description(facts, List.of("member", "instance", "client", "host"), members);
    }

    private static Map<String, Object> row(String member, String client, String host) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("member", member);
        row.put("client", client);
        row.put("host", host);
        return row;
    }

    private Description consumer(String name) throws CommandException {
        ConsumerGroupDescribeResponse.DescribedGroup group = ask(
                        ApiKey.CONSUMER_GROUP_DESCRIBE,
                        new ConsumerGroupDescribeRequest().setGroupIds(List.of(name)),
                        ConsumerGroupDescribeResponse.class,
                        name,
                        response -> response.groups().get(0).errorCode())
                .groups()
                .get(0);
        require(name, group.errorCode(), group.errorMessage());
        Map<String, Object> facts = facts(name, "consumer", group.groupState());
        facts.put("epoch", group.groupEpoch());
        facts.put("assignor", group.assignorName());
        List<Map<String, Object>> members = new ArrayList<>();
        for (ConsumerGroupDescribeResponse.Member member : group.members()) {
            Map<String, Object> row = row(member.memberId(), member.clientId(), member.clientHost());
            row.put("instance", member.instanceId());
            row.put("epoch", member.memberEpoch());
            List<String> partitions = new ArrayList<>();
            member.assignment().topicPartitions().forEach(topic -> topic.partitions()
                    .forEach(partition -> partitions.add(topic.topicName() + "-" + partition)));
            row.put("partitions", String.join(" ", partitions));
            members.add(row);
        }
        return new Description(facts, List.of("member", "instance", "client", "host", "epoch", "partitions"), members);
    }

    private Description share(String name) throws CommandException {
        ShareGroupDescribeResponse.DescribedGroup group = ask(
                        ApiKey.SHARE_GROUP_DESCRIBE,
                        new ShareGroupDescribeRequest().setGroupIds(List.of(name)),
                        ShareGroupDescribeResponse.class,
                        name,
                        response -> response.groups().get(0).errorCode())
                .groups()
                .get(0);
        require(name, group.errorCode(), group.errorMessage());
        Map<String, Object> facts = facts(name, SHARE, group.groupState());
        facts.put("epoch", group.groupEpoch());
        facts.put("assignor", group.assignorName());
        List<Map<String, Object>> members = new ArrayList<>();
        for (ShareGroupDescribeResponse.Member member : group.members()) {
            Map<String, Object> row = row(member.memberId(), member.clientId(), member.clientHost());
            row.put("epoch", member.memberEpoch());
            row.put("topics", String.join(" ", member.subscribedTopicNames()));
            members.add(row);
        }
        return new Description(facts, List.of("member", "client", "host", "epoch", "topics"), members);
    }

    private Description streams(String name) throws CommandException {
        StreamsGroupDescribeResponse.DescribedGroup group = ask(
                        ApiKey.STREAMS_GROUP_DESCRIBE,
                        new StreamsGroupDescribeRequest().setGroupIds(List.of(name)),
                        StreamsGroupDescribeResponse.class,
                        name,
                        response -> response.groups().get(0).errorCode())
                .groups()
                .get(0);
        require(name, group.errorCode(), group.errorMessage());
        Map<String, Object> facts = facts(name, "streams", group.groupState());
        facts.put("epoch", group.groupEpoch());
        List<Map<String, Object>> members = new ArrayList<>();
        for (StreamsGroupDescribeResponse.Member member : group.members()) {
            Map<String, Object> row = row(member.memberId(), member.clientId(), member.clientHost());
            row.put("process", member.processId());
            row.put("epoch", member.memberEpoch());
            row.put("active", tasks(member.assignment().activeTasks()));
            row.put("standby", tasks(member.assignment().standbyTasks()));
            row.put("warmup", tasks(member.assignment().warmupTasks()));
            members.add(row);
        }
        return new Description(
                facts, List.of("member", "process", "client", "host", "epoch", "active", "standby", "warmup"), members);
    }

    private static String tasks(List<StreamsGroupDescribeResponse.TaskIds> tasks) {
        List<String> all = new ArrayList<>();
        tasks.forEach(task -> task.partitions().forEach(partition -> all.add(task.subtopologyId() + "_" + partition)));
        return String.join(" ", all);
    }
}
