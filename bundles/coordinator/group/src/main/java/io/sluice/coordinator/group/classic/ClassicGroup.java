package io.sluice.coordinator.group.classic;

import io.sluice.base.ErrorCode;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The membership of one classic group. It knows its rules about members, leader and protocols, and nothing of timers, records or answers.
 *
 * <p>Members keep the order in which they came, so that every choice between them can be repeated.
 */
public final class ClassicGroup {
    /** The protocol type of consumers, whose metadata can be read. */
    public static final String CONSUMER_PROTOCOL_TYPE = "consumer";

    private final String groupId;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, String> memberIdsByInstance = new HashMap<>();
    private final Set<String> pendingJoin = new LinkedHashSet<>();
    private final Set<String> pendingSync = new LinkedHashSet<>();
    private GroupState state = GroupState.EMPTY;
    private GroupState previousState = GroupState.EMPTY;
    private long stateSinceMs = -1L;
    private int generation;
    private int awaitingJoinCount;
    private boolean newMemberAdded;
    private @Nullable String protocolType;
    private @Nullable String protocolName;
    private @Nullable String leaderId;
    private @Nullable Set<String> subscribedTopics;

    public ClassicGroup(String groupId) {
        this.groupId = groupId;
    }

    public String groupId() {
        return groupId;
    }

    public GroupState state() {
        return state;
    }

    public boolean is(GroupState expected) {
        return state == expected;
    }

    GroupState previousState() {
        return previousState;
    }

    /** When the state was entered, in milliseconds since the epoch, or -1. */
    public long stateSinceMs() {
        return stateSinceMs;
    }

    void transitionTo(GroupState next, long nowMs) {
        previousState = state;
        state = next;
        stateSinceMs = nowMs;
    }

    public int generation() {
        return generation;
    }

    public @Nullable String protocolType() {
        return protocolType;
    }

    public @Nullable String protocolName() {
        return protocolName;
    }

    public @Nullable String leaderId() {
        return leaderId;
    }

    boolean isLeader(String memberId) {
        return memberId.equals(leaderId);
    }

    boolean isNewMemberAdded() {
        return newMemberAdded;
    }

    void setNewMemberAdded(boolean value) {
        newMemberAdded = value;
    }

    // ---- members

    public Collection<Member> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    public int size() {
        return members.size();
    }

    public @Nullable Member member(String memberId) {
        return members.get(memberId);
    }

    boolean hasMember(String memberId) {
        return members.containsKey(memberId);
    }

    /** The id of the static member with this instance id, or null. */
    @Nullable
    String memberIdOf(@Nullable String instanceId) {
        return instanceId == null ? null : memberIdsByInstance.get(instanceId);
    }

    void add(Member member, String memberProtocolType) {
        if (members.isEmpty()) {
            protocolType = memberProtocolType;
        }
        if (leaderId == null) {
            leaderId = member.memberId();
        }
        members.put(member.memberId(), member);
        if (member.instanceId() != null) {
            memberIdsByInstance.put(member.instanceId(), member.memberId());
        }
        pendingJoin.remove(member.memberId());
    }

    /** Takes a member away, or one that was only expected; the leadership passes to the next. */
    @Nullable
    Member remove(String memberId) {
        Member removed = members.remove(memberId);
        if (removed != null) {
            if (removed.isAwaitingJoin()) {
                awaitingJoinCount--;
            }
            if (removed.instanceId() != null) {
                memberIdsByInstance.remove(removed.instanceId(), memberId);
            }
        }
        if (isLeader(memberId)) {
            leaderId = members.isEmpty() ? null : members.keySet().iterator().next();
        }
        pendingJoin.remove(memberId);
        pendingSync.remove(memberId);
        return removed;
    }

    /** Puts a static member's successor in its place, with its assignment. */
    Member replaceStatic(Member former, Member successor) {
        boolean led = isLeader(former.memberId());
        members.remove(former.memberId());
        pendingSync.remove(former.memberId());
        successor.setAssignment(former.assignment());
        members.put(successor.memberId(), successor);
        memberIdsByInstance.put(java.util.Objects.requireNonNull(successor.instanceId()), successor.memberId());
        if (led) {
            leaderId = successor.memberId();
        }
        return successor;
    }

    void setAwaitingJoin(
            Member member,
            io.sluice.coordinator.runtime.@Nullable Reply<io.sluice.protocol.message.JoinGroupResponse> reply) {
        if (member.isAwaitingJoin() != (reply != null)) {
            awaitingJoinCount += reply != null ? 1 : -1;
        }
        member.awaitingJoin = reply;
    }

    int awaitingJoinCount() {
        return awaitingJoinCount;
    }

    boolean allHaveJoined() {
        return awaitingJoinCount == members.size() && pendingJoin.isEmpty();
    }

    /** Makes a member that has joined the leader if the present one has not. False when nobody has joined. */
    boolean electJoinedLeader() {
        Member leader = leaderId == null ? null : members.get(leaderId);
        if (leader != null && leader.isAwaitingJoin()) {
            return true;
        }
        for (Member member : members.values()) {
            if (member.isAwaitingJoin()) {
                leaderId = member.memberId();
                return true;
            }
        }
        return false;
    }

    /** Whether a member may go on under this id: {@code NONE}, {@code UNKNOWN_MEMBER_ID} or {@code FENCED_INSTANCE_ID}. */
    public ErrorCode validate(String memberId, @Nullable String instanceId) {
        if (instanceId != null) {
            String present = memberIdsByInstance.get(instanceId);
            if (present == null) {
                return ErrorCode.UNKNOWN_MEMBER_ID;
            }
            if (!present.equals(memberId)) {
                return ErrorCode.FENCED_INSTANCE_ID;
            }
        }
        return members.containsKey(memberId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
    }

    /** The longest time that a member asks for to rejoin. */
    int rebalanceTimeoutMs() {
        int longest = 0;
        for (Member member : members.values()) {
            longest = Math.max(longest, member.rebalanceTimeoutMs());
        }
        return longest;
    }

    // ---- members that are expected to join with the id they were given, or to sync

    boolean isPendingJoin(String memberId) {
        return pendingJoin.contains(memberId);
    }

    void addPendingJoin(String memberId) {
        pendingJoin.add(memberId);
    }

    Set<String> pendingJoin() {
        return pendingJoin;
    }

    Set<String> pendingSync() {
        return pendingSync;
    }

    // ---- protocols

    /** Whether somebody with these protocols can become a member beside the present ones. */
    boolean accepts(String type, List<JoinProtocol> protocols) {
        if (members.isEmpty()) {
            return !type.isEmpty() && !protocols.isEmpty();
        }
        if (!type.equals(protocolType)) {
            return false;
        }
        for (JoinProtocol protocol : protocols) {
            if (isSpokenByAll(protocol.name())) {
                return true;
            }
        }
        return false;
    }

    private boolean isSpokenByAll(String protocolName) {
        for (Member member : members.values()) {
            if (!member.supports(protocolName)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The protocol that most members prefer among those that all can speak; of equals, the one that was voted for first.
     *
     * @return null when there are no members
     */
    @Nullable
    String selectProtocol() {
        Map<String, Integer> votes = new LinkedHashMap<>();
        Map<String, Boolean> spokenByAll = new HashMap<>();
        for (Member member : members.values()) {
            for (JoinProtocol protocol : member.protocols()) {
                if (spokenByAll.computeIfAbsent(protocol.name(), this::isSpokenByAll)) {
                    votes.merge(protocol.name(), 1, Integer::sum);
                    break;
                }
            }
        }
        String chosen = null;
        int most = 0;
        for (Map.Entry<String, Integer> vote : votes.entrySet()) {
            if (vote.getValue() > most) {
                most = vote.getValue();
                chosen = vote.getKey();
            }
        }
        return chosen;
    }

    // ---- generations

    /** Begins the next generation with the present members, or the empty state without them. */
    void beginNextGeneration(long nowMs) {
        generation++;
        pendingSync.clear();
        if (members.isEmpty()) {
            protocolName = null;
            transitionTo(GroupState.EMPTY, nowMs);
        } else {
            protocolName = selectProtocol();
            transitionTo(GroupState.COMPLETING_REBALANCE, nowMs);
        }
        computeSubscribedTopics();
    }

    /** Takes over what a record says of a group. */
    void restore(
            int restoredGeneration,
            @Nullable String type,
            @Nullable String protocol,
            @Nullable String leader,
            long since,
            List<Member> restoredMembers) {
        for (Member member : restoredMembers) {
            add(member, type == null ? "" : type);
        }
        generation = restoredGeneration;
        protocolType = type == null || type.isEmpty() ? null : type;
        protocolName = protocol;
        leaderId = leader;
        previousState = GroupState.EMPTY;
        state = restoredMembers.isEmpty() ? GroupState.EMPTY : GroupState.STABLE;
        stateSinceMs = since;
        computeSubscribedTopics();
    }

    private void computeSubscribedTopics() {
        if (protocolType == null) {
            subscribedTopics = null;
        } else if (members.isEmpty()) {
            subscribedTopics = Set.of();
        } else if (isConsumerGroup() && protocolName != null) {
            subscribedTopics = SubscribedTopics.of(members.values(), protocolName);
        } else {
            subscribedTopics = null;
        }
    }

    public boolean isConsumerGroup() {
        return CONSUMER_PROTOCOL_TYPE.equals(protocolType);
    }

    public boolean knowsSubscribedTopics() {
        return subscribedTopics != null;
    }

    /** Whether a member consumes the topic, as far as that can be known: consumers whose metadata cannot be read may consume any. */
    public boolean isSubscribedTo(String topic) {
        return subscribedTopics == null ? isConsumerGroup() : subscribedTopics.contains(topic);
    }

    /** Ids of members that have not joined the rebalance that is being prepared, static ones left out. */
    Set<String> dynamicMembersNotJoined() {
        Set<String> ids = new HashSet<>();
        for (Member member : members.values()) {
            if (!member.isStatic() && !member.isAwaitingJoin()) {
                ids.add(member.memberId());
            }
        }
        return ids;
    }

    @Override
    public String toString() {
        return "ClassicGroup(" + groupId + ", " + state.label() + ", generation " + generation + ", " + members.size()
                + " members)";
    }
}
