package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.broker.api.AppendTicket;
import io.sluice.broker.kernel.RequestMemory.Share;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.message.HeartbeatRequest;
import io.sluice.protocol.message.HeartbeatResponse;
import io.sluice.protocol.message.ProduceRequest;
import io.sluice.protocol.message.ProduceResponse;
import io.sluice.replication.kit.DelayedReplication;
import io.sluice.request.api.Wakeup;
import io.sluice.storage.kit.Batches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits stays below the ceiling, and produces leave room for the others. */
class RequestMemoryTest {
    private static final int KB = 1024;

    private final RequestMemory memory = new RequestMemory(64 * KB);

    @Test
    void shouldKeepAnEighthForOthersThanProduces() {
        assertThat(memory.tryReserve(Share.DATA, 56 * KB)).isTrue();
        assertThat(memory.tryReserve(Share.DATA, 1)).isFalse();

        assertThat(memory.tryReserve(Share.RESERVE, 8 * KB)).isTrue();
        assertThat(memory.tryReserve(Share.RESERVE, 1)).isFalse();

        memory.free(Share.RESERVE, 1 * KB);
        assertThat(memory.tryReserve(Share.RESERVE, 1 * KB)).isTrue();
        assertThat(memory.usedBytes()).isEqualTo(memory.ceilingBytes());
    }

    @Test
    void shouldBeScarceUntilHalfOfTheShareIsFree() {
        AtomicInteger changes = new AtomicInteger();
        memory.whenScarcityChanges(changes::incrementAndGet);
        memory.reserve(Share.RESERVE, 64 * KB);
        assertThat(memory.isScarce()).as("others do not hold up produces").isFalse();
        memory.free(Share.RESERVE, 64 * KB);

        memory.reserve(Share.DATA, 42 * KB);
        assertThat(memory.isScarce()).isFalse();
        memory.reserve(Share.DATA, 1);
        assertThat(memory.isScarce()).isTrue();
        memory.free(Share.DATA, 14 * KB);
        assertThat(memory.isScarce()).isTrue();
        memory.free(Share.DATA, 1);

        assertThat(memory.isScarce()).isFalse();
        assertThat(changes).hasValue(2);
    }

    @Test
    void shouldTakeAQuarterOfTheHeapUnlessItIsConfigured() {
        assertThat(RequestMemory.of(-1L, 1_000L).ceilingBytes()).isEqualTo(250L);
        assertThat(RequestMemory.of(700L, 1_000L).ceilingBytes()).isEqualTo(700L);
    }

    @Test
    void shouldNeverPassTheCeilingWhoeverAsks() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                RandomSource random = RandomSource.seeded(i);
                Share share = i % 2 == 0 ? Share.DATA : Share.RESERVE;
                tasks.add(() -> {
                    for (int turn = 0; turn < 20_000; turn++) {
                        int bytes = random.nextInt(32 * KB);
                        if (memory.tryReserve(share, bytes)) {
                            assertThat(memory.usedBytes()).isLessThanOrEqualTo(memory.ceilingBytes());
                            memory.free(share, bytes);
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdown();
        }
        assertThat(memory.usedBytes()).isZero();
        assertThat(memory.isScarce()).isFalse();
    }

    // ---- connections

    private static ProduceRequest produce(int bytes) {
        return new ProduceRequest()
                .setAcks((short) 1)
                .setTopicData(List.of(new ProduceRequest.TopicProduceData()
                        .setName("t")
                        .setPartitionData(List.of(new ProduceRequest.PartitionProduceData()
                                .setIndex(0)
                                .setRecords(new ByteBufferRecords(Batches.of(1L, "x".repeat(bytes))))))));
    }

    private static void produce(DispatcherFixture.Peer peer, int correlationId) throws IOException {
        peer.send(ApiKey.PRODUCE, 9, correlationId, produce(8 * KB));
    }

    @Test
    void shouldReadProducersNoFurtherAndOthersOnWhileMemoryIsScarce() throws IOException {
        try (DispatcherFixture broker = new DispatcherFixture(memory)) {
            List<Wakeup> parked = new ArrayList<>();
            ScriptedHandler produces = broker.onIoThread(ApiKey.PRODUCE).handling(r -> parked.add(r.park("", 60_000L)));
            broker.onWorker(ApiKey.HEARTBEAT);
            DispatcherFixture.Peer known = broker.connect();
            produce(known, 0);
            DispatcherFixture.Peer greedy = broker.connect();
            for (int i = 1; i < 20; i++) {
                produce(greedy, i);
            }
            broker.clock.run();
            assertThat(memory.isScarce()).isTrue();
            assertThat(produces.seen).hasSize(6);
            assertThat(memory.usedBytes()).isLessThan(memory.ceilingBytes());
            produce(known, 100);
            assertThat(produces.seen)
                    .as("a connection that produced before is not read either")
                    .hasSize(6);

            DispatcherFixture.Peer member = broker.connect();
            member.send(ApiKey.HEARTBEAT, 4, 7, new HeartbeatRequest().setGroupId("g"));
            broker.clock.run();
            assertThat(member.answer(ApiKey.HEARTBEAT, 4, new HeartbeatResponse())
                            .errorCode())
                    .isZero();

            for (int i = 0; i < parked.size(); i++) {
                parked.get(i).fire();
                broker.clock.run();
            }

            assertThat(produces.seen).hasSize(21);
            for (int i = 1; i < 20; i++) {
                assertThat(greedy.correlationId()).isEqualTo(i);
            }
            assertThat(memory.usedBytes()).isZero();
        }
    }

    @Test
    void shouldRefuseWhatComesAllTheSameWithTheErrorThatIsTriedAgain() throws IOException {
        try (DispatcherFixture broker = new DispatcherFixture(memory)) {
            broker.onIoThread(ApiKey.PRODUCE);
            broker.withdraw(ApiKey.PRODUCE);
            List<DispatcherFixture.Peer> peers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                DispatcherFixture.Peer peer = broker.connect();
                produce(peer, i);
                peers.add(peer);
            }
            assertThat(memory.usedBytes()).isBetween(32L * KB, 56L * KB);

            ProduceResponse refused = peers.get(19).answer(ApiKey.PRODUCE, 9, new ProduceResponse());

            assertThat(refused.responses().get(0).partitionResponses().get(0).errorCode())
                    .isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER.code());
            broker.onIoThread(ApiKey.PRODUCE);
            broker.clock.run();
            assertThat(peers.get(0).correlationId()).isZero();
            assertThat(memory.usedBytes()).isZero();
        }
    }

    @Test
    void shouldHoldNoBytesOfARequestThatWasAnsweredThoughItsPartStaysAway() throws IOException {
        try (DispatcherFixture broker = new DispatcherFixture(memory)) {
            broker.onIoThread(ApiKey.PRODUCE);
            broker.withdraw(ApiKey.PRODUCE);
            for (int i = 0; i < 3; i++) {
                produce(broker.connect(), i);
                broker.clock.pass(RequestDispatcher.PARKED_MS);
                assertThat(memory.usedBytes()).isZero();
                assertThat(broker.slots.parkedNow(ApiKey.PRODUCE)).isZero();
            }
        }
    }

    // ---- partitions

    @Test
    void shouldRefuseAppendsThatWouldWaitWithoutRoom(@TempDir Path data) {
        KernelFixture kernel = new KernelFixture(data, memory);
        DelayedReplication replication = new DelayedReplication();
        replication.immediate(true);
        kernel.offerEngine();
        kernel.offerReplication(replication);
        Partition partition = kernel.lead("t");
        kernel.withdrawEngine();
        List<AppendTicket> tickets = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            tickets.add(kernel.append(partition, -1, "x".repeat(8 * KB)));
        }

        assertThat(memory.usedBytes()).isBetween(40L * KB, 56L * KB);
        assertThat(tickets.get(0).isComplete()).isFalse();
        assertThat(tickets.get(9).outcome(0).error()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(tickets.get(9).outcome(0).message()).contains("queued.max.request.bytes");

        kernel.offerEngine();

        assertThat(tickets.get(0).outcome(0).baseOffset()).isZero();
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void shouldHoldNoBytesOfWhatIsWrittenAndWaitsForItsCommit(@TempDir Path data) {
        KernelFixture kernel = new KernelFixture(data, memory);
        kernel.offerEngine();
        kernel.offerReplication(new DelayedReplication());
        Partition partition = kernel.lead("t");
        kernel.withdrawEngine();
        AppendTicket waiting = kernel.append(partition, -1, "a");
        assertThat(memory.usedBytes()).isPositive();

        kernel.offerEngine();

        assertThat(waiting.isComplete()).isFalse();
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void shouldHoldNoBytesOfWhatWasRefused(@TempDir Path data) {
        KernelFixture kernel = new KernelFixture(data, memory);
        Partition partition = kernel.lead("t");
        kernel.append(partition, -1, "a");
        assertThat(memory.usedBytes()).isPositive();

        kernel.clock.pass(Partition.PARKED_MS);

        assertThat(memory.usedBytes()).isZero();
    }
}
