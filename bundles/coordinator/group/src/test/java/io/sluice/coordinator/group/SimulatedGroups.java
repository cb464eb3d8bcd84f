package io.sluice.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.TransactionEnd;
import io.sluice.coordinator.api.GroupKind;
import io.sluice.coordinator.api.GroupKindState;
import io.sluice.coordinator.api.KindWork;
import io.sluice.coordinator.group.assignor.Assignors;
import io.sluice.coordinator.group.classic.ClassicGroup;
import io.sluice.coordinator.group.classic.ClientContext;
import io.sluice.coordinator.group.kind.KindsInUse;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.group.record.GroupRecordSerde;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.coordinator.runtime.CoordinatorConfig;
import io.sluice.coordinator.runtime.CoordinatorRuntime;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.StateMachineFactory;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.coordinator.runtime.Work;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.message.HeartbeatRequest;
import io.sluice.protocol.message.HeartbeatResponse;
import io.sluice.protocol.message.JoinGroupRequest;
import io.sluice.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.LeaveGroupRequest;
import io.sluice.protocol.message.LeaveGroupResponse;
import io.sluice.protocol.message.OffsetCommitRequest;
import io.sluice.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.sluice.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.sluice.protocol.message.OffsetCommitResponse;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.sluice.protocol.message.SyncGroupRequest;
import io.sluice.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.sluice.protocol.message.SyncGroupResponse;
import io.sluice.protocol.message.TxnOffsetCommitRequest;
import io.sluice.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.sluice.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.sluice.protocol.message.TxnOffsetCommitResponse;
import io.sluice.protocol.record.ControlRecordType;
import io.sluice.protocol.record.RecordBatchIterator;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.RecordReader;
import io.sluice.request.kit.MemoryMetadata;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The group coordinator of one partition, in simulated time; requests are made in a line. */
final class SimulatedGroups {
    static final String GROUP = "group";
    static final int SESSION_MS = 10_000;
    static final int REBALANCE_MS = 30_000;
    static final int INITIAL_DELAY_MS = 300;

    final SimulatedScheduler scheduler;
    final SimulatedPartitions partitions;
    final Map<String, String> config = new HashMap<>(
            Map.of("group.initial.rebalance.delay.ms", String.valueOf(INITIAL_DELAY_MS), "group.max.size", "1000"));
    final int batchBytesMax;
    final MemoryMetadata metadata = new MemoryMetadata();
    final Assignors assignors = new Assignors(() -> config.get("group.consumer.assignors"));
    private final KindsInUse kinds = new KindsInUse();
    private final RandomSource random;
    private CoordinatorRuntime<GroupShard, GroupRecord> runtime;
    private @Nullable GroupShard shard;

    SimulatedGroups(long seed) {
        this(seed, 1_000_000);
    }

    SimulatedGroups(long seed, int batchBytesMax) {
        this.batchBytesMax = batchBytesMax;
        this.random = RandomSource.seeded(seed);
        this.scheduler = new SimulatedScheduler(random);
        this.partitions = new SimulatedPartitions("__consumer_offsets", 1, scheduler);
        this.runtime = newRuntime();
        partitions.elect(0, 1);
        runtime.start();
        scheduler.runUntilIdle();
    }

    private CoordinatorRuntime<GroupShard, GroupRecord> newRuntime() {
        CoordinatorConfig coordinator = new CoordinatorConfig(
                "__consumer_offsets", () -> batchBytesMax, CompressionType.NONE, 4_096, 1_000L, 5_000, 2_000L);
        StateMachineFactory<GroupShard, GroupRecord> factory = (partition, timers) -> shard = new GroupShard(
                partition,
                timers,
                random,
                new GroupSettings(config::get, metadata::image),
                assignors,
                kinds.used(),
                this::submit);
        return new CoordinatorRuntime<>(coordinator, new GroupRecordSerde(), factory, partitions, scheduler, scheduler);
    }

    /** As if the bundle was updated: everybody who waits is refused, and the state comes from the log. */
    void restart() {
        runtime.beginClose();
        scheduler.runUntilIdle();
        runtime = newRuntime();
        runtime.start();
        scheduler.advance(50);
    }

    RandomSource random() {
        return random;
    }

    /** The state as it is now, committed or not; null while it is loaded. */
    @Nullable
    GroupShard peek() {
        return runtime.isActive(0) ? shard : null;
    }

    /** What a coordinator would know that read the log as it is now. */
    GroupShard replayed() {
        GroupShard fresh = new GroupShard(
                0,
                new Timers<>() {
                    @Override
                    public void set(Object key, long delayMs, Consumer<Turn<GroupRecord>> action) {}

                    @Override
                    public void cancel(Object key) {}
                },
                random,
                new GroupSettings(key -> null, metadata::image),
                assignors,
                kinds.used(),
                this::submit);
        GroupRecordSerde serde = new GroupRecordSerde();
        RecordBatchIterator batches = new RecordBatchIterator(partitions.log(0).bytes());
        RecordReader reader = new RecordReader();
        while (batches.next()) {
            RecordBatchView batch = batches.batch();
            reader.reset(batch);
            while (reader.next()) {
                replay(fresh, batch, serde, reader);
            }
        }
        return fresh;
    }

    private static void replay(GroupShard fresh, RecordBatchView batch, GroupRecordSerde serde, RecordReader reader) {
        ByteBuffer key = Objects.requireNonNull(reader.key());
        if (batch.isControl()) {
            boolean committed = ControlRecordType.ofKey(key) == ControlRecordType.COMMIT;
            fresh.endTransaction(batch.producerId(), batch.producerEpoch(), committed);
            return;
        }
        GroupRecord record = Objects.requireNonNull(serde.read(key, reader.value()));
        if (batch.isTransactional()) {
            fresh.replayPending(batch.producerId(), batch.producerEpoch(), record);
        } else {
            fresh.replay(record);
        }
    }

    void submit(Reply<?> reply, Work<GroupShard, GroupRecord> work) {
        runtime.submit(0, reply, work);
    }

    // ---- kinds of groups

    /** As if the bundle of a kind was started. */
    void install(GroupKind<?> kind) {
        if (kinds.add(kind)) {
            reload();
        }
    }

    /** As if the bundle of a kind was stopped. */
    void uninstall(GroupKind<?> kind) {
        if (kinds.remove(kind)) {
            reload();
        }
    }

    private void reload() {
        CompletableFuture<Void> givenUp = runtime.reload();
        scheduler.advance(3_000);
        assertThat(givenUp).isCompleted();
    }

    <S extends GroupKindState> void submit(GroupKind<S> kind, int partition, Reply<?> reply, KindWork<S> work) {
        runtime.submit(partition, reply, (shard, turn) -> shard.kinds().run(kind, turn, reply, work));
    }

    // ---- transactions

    Pending<TxnOffsetCommitResponse> beginCommit(TxnOffsetCommitRequest request, int version) {
        Pending<TxnOffsetCommitResponse> pending = new Pending<>();
        long guard = partitions.transactionGuard(
                new TopicPartition("__consumer_offsets", 0), request.producerId(), request.producerEpoch());
        submit(pending, (shard, turn) -> shard.pendingCommits().commit(turn, request, (short) version, guard, pending));
        return pending;
    }

    static TxnOffsetCommitRequest pendingRequest(
            long producerId, String memberId, int generation, String topic, long offset) {
        return new TxnOffsetCommitRequest()
                .setTransactionalId("txn" + producerId)
                .setGroupId(GROUP)
                .setProducerId(producerId)
                .setProducerEpoch((short) 0)
                .setMemberId(memberId)
                .setGenerationIdOrMemberEpoch(generation)
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata("")))));
    }

    /** Commits an offset in a transaction of a producer. */
    ErrorCode commitPending(long producerId, String memberId, int generation, String topic, long offset) {
        Pending<TxnOffsetCommitResponse> pending =
                beginCommit(pendingRequest(producerId, memberId, generation, topic, offset), 5);
        scheduler.runUntilIdle();
        return ErrorCode.of(
                pending.outcome().topics().get(0).partitions().get(0).errorCode());
    }

    Pending<ErrorCode> beginEnd(long producerId, boolean committed) {
        Pending<ErrorCode> pending = new Pending<>();
        TransactionEnd end = new TransactionEnd(0, producerId, (short) 0, committed, 1, (short) 1);
        submit(pending, (shard, turn) -> turn.answer(pending, turn.writeEnd(end)));
        return pending;
    }

    /** Ends the transaction of a producer. */
    ErrorCode end(long producerId, boolean committed) {
        Pending<ErrorCode> pending = beginEnd(producerId, committed);
        scheduler.runUntilIdle();
        return pending.outcome();
    }

    /** Asks the state something, and waits for the answer. */
    <T> T ask(Function<GroupShard, T> question) {
        Pending<T> pending = new Pending<>();
        submit(pending, (shard, turn) -> turn.answer(pending, question.apply(shard)));
        scheduler.runUntilIdle();
        return pending.outcome();
    }

    boolean hasGroup() {
        return ask(shard -> shard.groups().find(GROUP) != null);
    }

    String state() {
        return ask(shard -> {
            ClassicGroup group = shard.groups().find(GROUP);
            return group == null ? "Dead" : group.state().label();
        });
    }

    // ---- requests

    static JoinGroupRequest joinRequest(String memberId, @Nullable String instanceId, String... protocols) {
        List<JoinGroupRequestProtocol> offered = new ArrayList<>();
        for (String protocol : protocols.length == 0 ? new String[] {"range"} : protocols) {
            offered.add(new JoinGroupRequestProtocol().setName(protocol).setMetadata(bytes("m-" + protocol)));
        }
        return new JoinGroupRequest()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setProtocolType("consumer")
                .setProtocols(offered);
    }

    Pending<JoinGroupResponse> join(JoinGroupRequest request, int version) {
        Pending<JoinGroupResponse> pending = new Pending<>();
        ClientContext client = new ClientContext("client", "/127.0.0.1", (short) version);
        submit(pending, (shard, turn) -> shard.membership().join(turn, request, client, pending));
        scheduler.runUntilIdle();
        return pending;
    }

    Pending<JoinGroupResponse> join(String memberId, String... protocols) {
        return join(joinRequest(memberId, null, protocols), 9);
    }

    Pending<JoinGroupResponse> joinStatic(String memberId, String instanceId, String... protocols) {
        return join(joinRequest(memberId, instanceId, protocols), 9);
    }

    /** Joins as a new dynamic member does: once for the id, and again with it. */
    Pending<JoinGroupResponse> joinAnew(String... protocols) {
        JoinGroupResponse first = join("", protocols).outcome();
        if (first.errorCode() != ErrorCode.MEMBER_ID_REQUIRED.code()) {
            throw new AssertionError("expected to be told an id: " + first);
        }
        return join(first.memberId(), protocols);
    }

    Pending<SyncGroupResponse> sync(SyncGroupRequest request) {
        Pending<SyncGroupResponse> pending = new Pending<>();
        submit(pending, (shard, turn) -> shard.membership().sync(turn, request, pending));
        scheduler.runUntilIdle();
        return pending;
    }

    Pending<SyncGroupResponse> sync(String memberId, int generation, Map<String, String> assignments) {
        List<SyncGroupRequestAssignment> list = new ArrayList<>();
        assignments.forEach((member, assignment) ->
                list.add(new SyncGroupRequestAssignment().setMemberId(member).setAssignment(bytes(assignment))));
        return sync(new SyncGroupRequest()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setGenerationId(generation)
                .setProtocolType("consumer")
                .setAssignments(list));
    }

    ErrorCode heartbeat(String memberId, int generation) {
        return heartbeat(memberId, null, generation);
    }

    ErrorCode heartbeat(String memberId, @Nullable String instanceId, int generation) {
        Pending<HeartbeatResponse> pending = beginHeartbeat(memberId, instanceId, generation);
        scheduler.runUntilIdle();
        return ErrorCode.of(pending.outcome().errorCode());
    }

    Pending<HeartbeatResponse> beginHeartbeat(String memberId, @Nullable String instanceId, int generation) {
        Pending<HeartbeatResponse> pending = new Pending<>();
        HeartbeatRequest request = new HeartbeatRequest()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setGenerationId(generation);
        submit(pending, (shard, turn) -> shard.membership().heartbeat(turn, request, pending));
        return pending;
    }

    LeaveGroupResponse leave(LeaveGroupRequest.MemberIdentity... members) {
        Pending<LeaveGroupResponse> pending = beginLeave(members);
        scheduler.runUntilIdle();
        return pending.outcome();
    }

    Pending<LeaveGroupResponse> beginLeave(LeaveGroupRequest.MemberIdentity... members) {
        Pending<LeaveGroupResponse> pending = new Pending<>();
        LeaveGroupRequest request = new LeaveGroupRequest().setGroupId(GROUP).setMembers(List.of(members));
        submit(pending, (shard, turn) -> shard.membership().leave(turn, request, pending));
        return pending;
    }

    ErrorCode leave(String memberId) {
        LeaveGroupResponse response = leave(new LeaveGroupRequest.MemberIdentity().setMemberId(memberId));
        return ErrorCode.of(response.members().get(0).errorCode());
    }

    static OffsetCommitRequest commitRequest(String memberId, int generation, String topic, long offset) {
        return new OffsetCommitRequest()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setGenerationIdOrMemberEpoch(generation)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata("")))));
    }

    Pending<OffsetCommitResponse> commit(OffsetCommitRequest request, int version) {
        Pending<OffsetCommitResponse> pending = new Pending<>();
        submit(pending, (shard, turn) -> shard.commits().commit(turn, request, (short) version, pending));
        scheduler.runUntilIdle();
        return pending;
    }

    ErrorCode commit(String memberId, int generation, String topic, long offset) {
        return errorOf(
                commit(commitRequest(memberId, generation, topic, offset), 8).outcome());
    }

    static ErrorCode errorOf(OffsetCommitResponse response) {
        return ErrorCode.of(response.topics().get(0).partitions().get(0).errorCode());
    }

    long committed(String topic) {
        return fetched(topic, false).committedOffset();
    }

    OffsetFetchResponsePartitions fetched(String topic, boolean stable) {
        OffsetFetchRequestGroup request = new OffsetFetchRequestGroup()
                .setGroupId(GROUP)
                .setTopics(List.of(new OffsetFetchRequestTopics().setName(topic).setPartitionIndexes(List.of(0))));
        OffsetFetchResponseGroup found = ask(shard -> shard.fetches().fetch(request, stable));
        return found.topics().get(0).partitions().get(0);
    }

    // ---- groups that are ready

    /** A member that is alone in a stable group of generation 1. */
    String stableAlone() {
        Pending<JoinGroupResponse> join = joinAnew();
        scheduler.advance(INITIAL_DELAY_MS);
        JoinGroupResponse joined = join.outcome();
        sync(joined.memberId(), joined.generationId(), Map.of(joined.memberId(), "all"))
                .outcome();
        return joined.memberId();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
