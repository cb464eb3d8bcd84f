package io.sluice.coordinator.group;

import static io.sluice.coordinator.group.SimulatedGroups.INITIAL_DELAY_MS;
import static io.sluice.coordinator.group.SimulatedGroups.REBALANCE_MS;
import static io.sluice.coordinator.group.SimulatedGroups.SESSION_MS;
import static io.sluice.coordinator.group.SimulatedGroups.joinRequest;
import static io.sluice.coordinator.group.SimulatedGroups.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.sluice.protocol.message.LeaveGroupResponse;
import io.sluice.protocol.message.SyncGroupRequest;
import io.sluice.protocol.message.SyncGroupResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private final SimulatedGroups groups = new SimulatedGroups(1L);

    private static ErrorCode error(JoinGroupResponse response) {
        return ErrorCode.of(response.errorCode());
    }

    private static ErrorCode error(SyncGroupResponse response) {
        return ErrorCode.of(response.errorCode());
    }

    private void advance(long ms) {
        groups.scheduler.advance(ms);
    }

    @Test
    void shouldTellANewMemberItsIdAndLetItJoinWithIt() {
        JoinGroupResponse first = groups.join("").outcome();
        assertThat(error(first)).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED);
        assertThat(first.memberId()).startsWith("client-");

        Pending<JoinGroupResponse> second = groups.join(first.memberId());
        assertThat(second.isDone()).isFalse();
        advance(INITIAL_DELAY_MS);

        assertThat(error(second.outcome())).isEqualTo(ErrorCode.NONE);
        assertThat(second.outcome().generationId()).isEqualTo(1);
        assertThat(second.outcome().leader()).isEqualTo(first.memberId());
        assertThat(second.outcome().members()).hasSize(1);
        assertThat(second.outcome().protocolName()).isEqualTo("range");
        assertThat(second.outcome().protocolType()).isEqualTo("consumer");
    }

    @Test
    void shouldLetAnOldClientJoinAtOnce() {
        Pending<JoinGroupResponse> join = groups.join(joinRequest("", null), 3);
        advance(INITIAL_DELAY_MS);

        assertThat(error(join.outcome())).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldForgetAnIdThatNobodyJoinedWith() {
        String id = groups.join("").outcome().memberId();
        advance(SESSION_MS);

        assertThat(error(groups.join(id).outcome())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldExtendTheInitialDelayWhileMembersKeepComing() {
        Pending<JoinGroupResponse> first = groups.joinAnew();
        advance(INITIAL_DELAY_MS - 1);
        Pending<JoinGroupResponse> second = groups.joinAnew();
        advance(INITIAL_DELAY_MS - 1);
        assertThat(first.isDone()).isFalse();

        advance(2);
        assertThat(first.outcome().generationId()).isEqualTo(1);
        assertThat(second.outcome().generationId()).isEqualTo(1);
        assertThat(first.outcome().members()).hasSize(2);
        assertThat(second.outcome().members()).isEmpty();
    }

    @Test
    void shouldRefuseUnknownMembers() {
        assertThat(error(groups.join("nobody").outcome())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(groups.hasGroup()).isFalse();
        assertThat(groups.heartbeat("nobody", 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(groups.leave("nobody")).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(error(groups.sync("nobody", 1, Map.of()).outcome())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);

        groups.stableAlone();
        assertThat(error(groups.join("nobody").outcome())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(groups.heartbeat("nobody", 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(groups.leave("nobody")).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(error(groups.sync("nobody", 1, Map.of()).outcome())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldRefuseAWrongGeneration() {
        String member = groups.stableAlone();

        assertThat(groups.heartbeat(member, 2)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(error(groups.sync(member, 2, Map.of()).outcome())).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(groups.heartbeat(member, 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseProtocolsThatDoNotFit() {
        groups.stableAlone();

        assertThat(error(groups.join("", "sticky").outcome())).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(error(groups.join(joinRequest("", null).setProtocolType("connect"), 9)
                        .outcome()))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void shouldRefuseAMemberWithoutProtocols() {
        assertThat(error(groups.join(joinRequest("", null).setProtocols(List.of()), 9)
                        .outcome()))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(groups.hasGroup()).isFalse();
    }

    @Test
    void shouldRefuseASyncThatNamesAnotherProtocol() {
        String member = groups.stableAlone();
        SyncGroupRequest sync = new SyncGroupRequest()
                .setGroupId(SimulatedGroups.GROUP)
                .setMemberId(member)
                .setGenerationId(1)
                .setProtocolType("consumer")
                .setProtocolName("sticky");

        assertThat(error(groups.sync(sync).outcome())).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(error(groups.sync(sync.setProtocolName("range")).outcome())).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldChooseTheProtocolThatMostPreferAmongThoseThatAllSpeak() {
        Pending<JoinGroupResponse> a = groups.joinAnew("x", "range", "sticky");
        Pending<JoinGroupResponse> b = groups.joinAnew("sticky", "range");
        Pending<JoinGroupResponse> c = groups.joinAnew("sticky", "range");
        advance(2 * INITIAL_DELAY_MS);

        assertThat(a.outcome().protocolName()).isEqualTo("sticky");
        assertThat(a.outcome().members().get(0).metadata()).isEqualTo(SimulatedGroups.bytes("m-sticky"));
        assertThat(b.outcome().generationId()).isEqualTo(c.outcome().generationId());
    }

    @Test
    void shouldLimitTheSizeOfAGroup() {
        groups.config.put("group.max.size", "1");
        groups.stableAlone();

        JoinGroupResponse refused = groups.join("").outcome();

        assertThat(error(refused)).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
    }

    @Test
    void shouldGiveEveryMemberItsShareWhenTheLeaderSyncs() {
        Pending<JoinGroupResponse> a = groups.joinAnew();
        Pending<JoinGroupResponse> b = groups.joinAnew();
        advance(2 * INITIAL_DELAY_MS);
        String leader = a.outcome().leader();
        String follower = b.outcome().memberId();

        Pending<SyncGroupResponse> waiting = groups.sync(follower, 1, Map.of());
        assertThat(waiting.isDone()).isFalse();
        Pending<SyncGroupResponse> leading = groups.sync(leader, 1, Map.of(leader, "one", follower, "two"));

        assertThat(text(leading.outcome().assignment())).isEqualTo("one");
        assertThat(text(waiting.outcome().assignment())).isEqualTo("two");
        assertThat(groups.state()).isEqualTo("Stable");
        assertThat(text(groups.sync(follower, 1, Map.of()).outcome().assignment()))
                .isEqualTo("two");
    }

    @Test
    void shouldRebalanceWhenAMemberComes() {
        String first = groups.stableAlone();
        Pending<JoinGroupResponse> second = groups.joinAnew();
        assertThat(groups.heartbeat(first, 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(error(groups.sync(first, 1, Map.of()).outcome())).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);

        Pending<JoinGroupResponse> again = groups.join(first);

        assertThat(again.outcome().generationId()).isEqualTo(2);
        assertThat(second.outcome().generationId()).isEqualTo(2);
        assertThat(again.outcome().leader()).isEqualTo(first);
    }

    @Test
    void shouldLeaveOutWhoDoesNotRejoinInTime() {
        String first = groups.stableAlone();
        Pending<JoinGroupResponse> second = groups.joinAnew();
        for (int passed = 0; passed < REBALANCE_MS; passed += SESSION_MS / 2) {
            groups.heartbeat(first, 1);
            advance(SESSION_MS / 2);
        }

        assertThat(second.outcome().generationId()).isEqualTo(2);
        assertThat(second.outcome().leader()).isEqualTo(second.outcome().memberId());
        assertThat(groups.heartbeat(first, 2)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldPutOutWhoJoinsButDoesNotSync() {
        Pending<JoinGroupResponse> a = groups.joinAnew();
        Pending<JoinGroupResponse> b = groups.joinAnew();
        advance(2 * INITIAL_DELAY_MS);
        String leader = a.outcome().leader();
        String silent = b.outcome().memberId();
        groups.sync(leader, 1, Map.of(leader, "one")).outcome();
        for (int passed = 0; passed < REBALANCE_MS; passed += SESSION_MS / 2) {
            groups.heartbeat(leader, 1);
            groups.heartbeat(silent, 1);
            advance(SESSION_MS / 2);
        }

        assertThat(groups.heartbeat(silent, 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(groups.heartbeat(leader, 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldPutOutWhoseSessionIsOver() {
        String member = groups.stableAlone();
        advance(SESSION_MS - 1);
        assertThat(groups.heartbeat(member, 1)).isEqualTo(ErrorCode.NONE);
        advance(SESSION_MS - 1);
        assertThat(groups.state()).isEqualTo("Stable");
        advance(1);

        assertThat(groups.state()).isEqualTo("Empty");
        assertThat(groups.heartbeat(member, 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldNotExpectHeartbeatsOfWhoWaits() {
        String first = groups.stableAlone();
        Pending<JoinGroupResponse> second = groups.joinAnew();
        for (int passed = 0; passed < 2 * SESSION_MS; passed += SESSION_MS / 2) {
            groups.heartbeat(first, 1);
            advance(SESSION_MS / 2);
        }
        groups.join(first);

        assertThat(error(second.outcome())).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldAnswerAFollowerThatJoinsAgainWithoutARebalance() {
        Pending<JoinGroupResponse> a = groups.joinAnew();
        Pending<JoinGroupResponse> b = groups.joinAnew();
        advance(2 * INITIAL_DELAY_MS);
        String leader = a.outcome().leader();
        String follower = b.outcome().memberId();
        groups.sync(follower, 1, Map.of());
        groups.sync(leader, 1, Map.of());

        assertThat(groups.join(follower).outcome().generationId()).isEqualTo(1);
        assertThat(groups.state()).isEqualTo("Stable");
        assertThat(groups.join(leader).isDone()).isFalse();
        assertThat(groups.state()).isEqualTo("PreparingRebalance");
    }

    @Test
    void shouldRepeatTheAnswerToAJoinThatGotLost() {
        Pending<JoinGroupResponse> first = groups.joinAnew();
        advance(INITIAL_DELAY_MS);
        String member = first.outcome().memberId();

        JoinGroupResponse again = groups.join(member).outcome();

        assertThat(again.generationId()).isEqualTo(1);
        assertThat(again.members()).hasSize(1);
        assertThat(groups.state()).isEqualTo("CompletingRebalance");
    }

    @Test
    void shouldTellTheEarlierOfTwoJoinsToComeAgain() {
        String first = groups.stableAlone();
        groups.joinAnew();
        // another new member that never comes back keeps the rebalance open
        groups.join("");
        Pending<JoinGroupResponse> early = groups.join(first);
        assertThat(early.isDone()).isFalse();

        Pending<JoinGroupResponse> late = groups.join(first);

        assertThat(error(early.outcome())).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(late.isDone()).isFalse();
    }

    @Test
    void shouldEmptyAGroupWhoseLastMemberLeaves() {
        String member = groups.stableAlone();

        assertThat(groups.leave(member)).isEqualTo(ErrorCode.NONE);

        assertThat(groups.state()).isEqualTo("Empty");
        groups.restart();
        assertThat(groups.state()).isEqualTo("Empty");
        assertThat(groups.<Integer>ask(
                        shard -> shard.groups().find(SimulatedGroups.GROUP).generation()))
                .isEqualTo(2);
    }

    @Test
    void shouldReplaceAStaticMemberWithoutARebalance() {
        Pending<JoinGroupResponse> join = groups.joinStatic("", "i1");
        advance(INITIAL_DELAY_MS);
        String former = join.outcome().memberId();
        groups.sync(former, 1, Map.of(former, "all"));

        JoinGroupResponse back = groups.joinStatic("", "i1").outcome();

        assertThat(back.generationId()).isEqualTo(1);
        assertThat(back.memberId()).isNotEqualTo(former).startsWith("i1-");
        assertThat(back.leader()).isEqualTo(back.memberId());
        assertThat(back.skipAssignment()).isTrue();
        assertThat(text(groups.sync(back.memberId(), 1, Map.of()).outcome().assignment()))
                .isEqualTo("all");
        assertThat(groups.heartbeat(former, "i1", 1)).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(error(groups.joinStatic(former, "i1").outcome())).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        groups.restart();
        assertThat(groups.heartbeat(back.memberId(), "i1", 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTellAnOlderStaticMemberTheFormerLeader() {
        Pending<JoinGroupResponse> join = groups.join(joinRequest("", "i1"), 8);
        advance(INITIAL_DELAY_MS);
        String former = join.outcome().memberId();
        groups.sync(former, 1, Map.of(former, "all"));

        JoinGroupResponse back = groups.join(joinRequest("", "i1"), 8).outcome();

        assertThat(back.leader()).isEqualTo(former);
        assertThat(back.members()).isEmpty();
        assertThat(back.skipAssignment()).isFalse();
    }

    @Test
    void shouldFenceTheWaitingRequestOfAReplacedStaticMember() {
        Pending<JoinGroupResponse> former = groups.joinStatic("", "i1");

        Pending<JoinGroupResponse> successor = groups.joinStatic("", "i1");
        advance(2 * INITIAL_DELAY_MS);

        assertThat(error(former.outcome())).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(error(successor.outcome())).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRebalanceWhenAStaticMembersReturnChangesTheProtocol() {
        Pending<JoinGroupResponse> join = groups.joinStatic("", "i1", "range", "sticky");
        advance(INITIAL_DELAY_MS);
        String former = join.outcome().memberId();
        groups.sync(former, 1, Map.of(former, "all"));

        JoinGroupResponse back = groups.joinStatic("", "i1", "sticky", "range").outcome();

        assertThat(back.generationId()).isEqualTo(2);
        assertThat(back.protocolName()).isEqualTo("sticky");
    }

    @Test
    void shouldPutOutStaticMembersByTheirInstanceId() {
        Pending<JoinGroupResponse> join = groups.joinStatic("", "i1");
        advance(INITIAL_DELAY_MS);
        String member = join.outcome().memberId();

        LeaveGroupResponse response = groups.leave(
                new MemberIdentity().setGroupInstanceId("i1"),
                new MemberIdentity().setGroupInstanceId("i2"),
                new MemberIdentity().setMemberId(member));

        assertThat(response.members().stream().map(m -> ErrorCode.of(m.errorCode())))
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(groups.state()).isEqualTo("Empty");
    }

    @Test
    void shouldFenceALeaveUnderAnotherMembersInstanceId() {
        groups.joinStatic("", "i1");
        advance(INITIAL_DELAY_MS);

        LeaveGroupResponse response =
                groups.leave(new MemberIdentity().setMemberId("other").setGroupInstanceId("i1"));

        assertThat(ErrorCode.of(response.members().get(0).errorCode())).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void shouldKeepMembersAndGenerationsOverARestart() {
        String member = groups.stableAlone();

        groups.restart();

        assertThat(groups.state()).isEqualTo("Stable");
        assertThat(groups.heartbeat(member, 1)).isEqualTo(ErrorCode.NONE);
        assertThat(text(groups.sync(member, 1, Map.of()).outcome().assignment()))
                .isEqualTo("all");
        advance(SESSION_MS);
        assertThat(groups.state()).isEqualTo("Empty");
    }

    @Test
    void shouldTellWhoWaitsToFindTheCoordinatorWhenItStops() {
        groups.stableAlone();
        Pending<JoinGroupResponse> waiting = groups.joinAnew();

        groups.restart();

        assertThat(waiting.refusal()).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void shouldFailTheSyncWhoseAppendFails() {
        Pending<JoinGroupResponse> join = groups.joinAnew();
        advance(INITIAL_DELAY_MS);
        groups.partitions.failNext(1, ErrorCode.KAFKA_STORAGE_ERROR, false);

        Pending<SyncGroupResponse> sync = groups.sync(join.outcome().memberId(), 1, Map.of());

        assertThat(sync.refusal()).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void shouldRebalanceAfterAnAssignmentThatFitsInNoBatch() {
        SimulatedGroups small = new SimulatedGroups(1L, 2_000);
        Pending<JoinGroupResponse> join = small.joinAnew();
        small.scheduler.advance(INITIAL_DELAY_MS);
        String member = join.outcome().memberId();

        Pending<SyncGroupResponse> sync = small.sync(member, 1, Map.of(member, "x".repeat(3_000)));

        assertThat(error(sync.outcome())).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(small.state()).isEqualTo("PreparingRebalance");
        assertThat(small.join(member).outcome().generationId()).isEqualTo(2);
    }

    @Test
    void shouldRebalanceALoadedGroupThatIsTooLargeNow() {
        Pending<JoinGroupResponse> a = groups.joinAnew();
        groups.joinAnew();
        advance(2 * INITIAL_DELAY_MS);
        groups.sync(a.outcome().leader(), 1, Map.of());
        groups.config.put("group.max.size", "1");

        groups.restart();

        assertThat(groups.state()).isEqualTo("PreparingRebalance");
    }
}
