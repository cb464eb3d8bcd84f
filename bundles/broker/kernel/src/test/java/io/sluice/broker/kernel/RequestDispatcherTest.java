package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.metrics.ApiTraffic;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ApiVersionsRequest;
import io.sluice.protocol.message.ApiVersionsResponse;
import io.sluice.protocol.message.DescribeClusterRequest;
import io.sluice.protocol.message.FetchRequest;
import io.sluice.protocol.message.HeartbeatRequest;
import io.sluice.protocol.message.HeartbeatResponse;
import io.sluice.protocol.message.ListGroupsRequest;
import io.sluice.request.api.DisconnectListener;
import io.sluice.request.api.Request;
import io.sluice.request.api.Wakeup;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client sees of the dispatcher: its answers, their order, and what closes its connection. */
class RequestDispatcherTest {
    private DispatcherFixture broker;
    private DispatcherFixture.Peer peer;

    @BeforeEach
    void begin() throws IOException {
        broker = new DispatcherFixture();
        peer = broker.connect();
    }

    @AfterEach
    void end() {
        broker.close();
    }

    private void heartbeat(int correlationId) throws IOException {
        peer.send(ApiKey.HEARTBEAT, 4, correlationId, new HeartbeatRequest().setGroupId("g"));
    }

    private void fetch(int correlationId) throws IOException {
        peer.send(ApiKey.FETCH, 12, correlationId, new FetchRequest());
    }

    private ErrorCode heartbeatError() throws IOException {
        return ErrorCode.of(
                peer.answer(ApiKey.HEARTBEAT, 4, new HeartbeatResponse()).errorCode());
    }

    // ---- what is counted

    @Test
    void shouldCountRequestsWithTheirErrorsAndTime() throws IOException {
        ScriptedHandler handler = broker.onIoThread(ApiKey.HEARTBEAT);
        handler.handling(request -> {
            broker.clock.pass(40L);
            request.respond(new HeartbeatResponse().setErrorCode(ErrorCode.REBALANCE_IN_PROGRESS.code()));
        });
        heartbeat(1);
        heartbeatError();
        handler.handling(request -> request.respond(new HeartbeatResponse()));
        heartbeat(2);
        heartbeatError();
        handler.handling(request -> request.disconnect("on purpose"));
        heartbeat(3);

        ApiTraffic counted = broker.dispatcher.counters().snapshot().get(0);
        assertThat(counted.api()).isEqualTo(ApiKey.HEARTBEAT);
        assertThat(counted.byVersion()).isEqualTo(Map.of((short) 4, 3L));
        assertThat(counted.errors()).isEqualTo(Map.of(ErrorCode.REBALANCE_IN_PROGRESS, 1L, ErrorCode.NONE, 1L));
        assertThat(counted.disconnected()).isEqualTo(1L);
        assertThat(counted.requests()).isEqualTo(3L);
        assertThat(counted.latency().sumNanos()).isEqualTo(40_000_000L);
        assertThat(counted.requestBytes()).isPositive();
        assertThat(counted.parked()).isZero();
    }

    // ---- what is no request

    @Test
    void shouldCloseOnAnUnknownApiKey() throws IOException {
        peer.raw(ByteBuffer.allocate(16).putShort((short) 9_999).array());

        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void shouldTellOfAConnectionThatHasEndedWhoeverStillListens() throws IOException {
        List<Long> asked = new ArrayList<>();
        broker.onIoThread(ApiKey.FETCH).handling(request -> asked.add(request.connectionId()));
        List<Long> told = new ArrayList<>();
        List<Long> toldBefore = new ArrayList<>();
        DisconnectListener gone = toldBefore::add;
        broker.dispatcher.disconnects().add(told::add);
        broker.dispatcher.disconnects().add(gone);
        broker.dispatcher.disconnects().remove(gone);
        fetch(1);

        peer.raw(ByteBuffer.allocate(16).putShort((short) 9_999).array());
        broker.clock.run();

        assertThat(told).hasSize(1).isEqualTo(asked);
        assertThat(toldBefore).isEmpty();
    }

    @Test
    void shouldCloseOnAnApiThatIsNotInstalled() throws IOException {
        fetch(1);

        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void shouldCloseOnAVersionThatIsNotAdvertised() throws IOException {
        ScriptedHandler handler = broker.onIoThread(ApiKey.HEARTBEAT);

        peer.raw(ByteBuffer.allocate(16)
                .putShort(ApiKey.HEARTBEAT.id())
                .putShort((short) 99)
                .array());

        assertThat(peer.isClosed()).isTrue();
        assertThat(handler.seen).isEmpty();
    }

    @Test
    void shouldCloseOnAFrameThatHoldsNoHeader() throws IOException {
        peer.raw(new byte[] {0, 18, 0});

        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void shouldCloseOnAHeaderWhoseClientIdIsLongerThanTheFrame() throws IOException {
        broker.onIoThread(ApiKey.HEARTBEAT);

        peer.raw(ByteBuffer.allocate(16)
                .putShort(ApiKey.HEARTBEAT.id())
                .putShort((short) 4)
                .putInt(1)
                .putShort((short) 30_000)
                .array());

        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void shouldCloseOnABodyThatCannotBeRead() throws IOException {
        broker.onIoThread(ApiKey.HEARTBEAT).handling(request -> request.read(new HeartbeatRequest()));

        peer.raw(ByteBuffer.allocate(11)
                .putShort(ApiKey.HEARTBEAT.id())
                .putShort((short) 4)
                .putInt(1)
                .putShort((short) -1)
                .array());

        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void shouldCloseOneConnectionAndNoOther() throws IOException {
        DispatcherFixture.Peer other = broker.connect();
        peer.raw(new byte[1]);
        assertThat(peer.isClosed()).isTrue();

        other.send(ApiKey.API_VERSIONS, 0, 5, new ApiVersionsRequest());

        assertThat(other.correlationId()).isEqualTo(5);
    }

    /** KIP-511: a newer client learns what there is. */
    @Test
    void shouldAnswerAnUnknownVersionOfApiVersionsInItsFirst() throws IOException {
        peer.raw(ByteBuffer.allocate(16)
                .putShort(ApiKey.API_VERSIONS.id())
                .putShort((short) 99)
                .putInt(7)
                .putShort((short) -1)
                .array());

        ApiVersionsResponse answer = peer.answer(ApiKey.API_VERSIONS, 0, new ApiVersionsResponse());

        assertThat(answer.errorCode()).isEqualTo((short) 35);
        assertThat(answer.apiKeys()).hasSize(1);
        assertThat(answer.apiKeys().get(0).apiKey()).isEqualTo(ApiKey.API_VERSIONS.id());
    }

    // ---- turns

    @Test
    void shouldHandleARequestOnTheThreadThatReadIt() throws IOException {
        broker.onIoThread(ApiKey.FETCH);

        fetch(1);

        assertThat(peer.correlationId()).isEqualTo(1);
        assertThat(broker.memory.usedBytes()).isZero();
    }

    @Test
    void shouldHandleOneRequestOfAConnectionAtATimeOnWorkers() throws IOException {
        ScriptedHandler worker = broker.onWorker(ApiKey.HEARTBEAT);
        ScriptedHandler inline = broker.onIoThread(ApiKey.FETCH);
        heartbeat(1);
        fetch(2);
        assertThat(worker.seen).isEmpty();
        assertThat(inline.seen).as("its turn has not come").isEmpty();

        broker.clock.run();

        assertThat(worker.seen).containsExactly(1);
        assertThat(inline.seen).containsExactly(2);
        assertThat(peer.correlationId()).isEqualTo(1);
        assertThat(peer.correlationId()).isEqualTo(2);
    }

    @Test
    void shouldLetOtherConnectionsOnWhileOneWaits() throws IOException {
        broker.onWorker(ApiKey.HEARTBEAT);
        broker.onIoThread(ApiKey.FETCH);
        heartbeat(1);
        DispatcherFixture.Peer other = broker.connect();

        other.send(ApiKey.FETCH, 12, 2, new FetchRequest());

        assertThat(other.correlationId()).isEqualTo(2);
    }

    @Test
    void shouldSayThatAHandlerFailed() throws IOException {
        broker.onIoThread(ApiKey.HEARTBEAT).handling(request -> {
            throw new IllegalStateException("for the test");
        });

        heartbeat(1);

        assertThat(heartbeatError()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void shouldReleaseWhatAHandlerBorrowed() throws IOException {
        broker.onIoThread(ApiKey.HEARTBEAT).handling(request -> {
            throw new IllegalStateException("for the test");
        });
        heartbeat(1);
        peer.correlationId();
        long before = broker.clock.milliseconds();
        broker.clock.tick(10L);

        broker.withdraw(ApiKey.HEARTBEAT);

        assertThat(broker.slots.role(ApiKey.HEARTBEAT).unreturned()).isZero();
        assertThat(broker.clock.milliseconds() - before).isLessThan(500L);
    }

    // ---- order of answers

    @Test
    void shouldSendAnswersInTheOrderOfRequestsWhateverOrderTheyAreReadyIn() throws IOException {
        List<Wakeup> parked = new ArrayList<>();
        broker.onIoThread(ApiKey.FETCH).handling(request -> parked.add(request.park("", 60_000L)));
        broker.onIoThread(ApiKey.HEARTBEAT);
        fetch(1);
        fetch(2);
        heartbeat(3);
        fetch(4);

        parked.get(2).fire();
        parked.get(1).fire();
        parked.get(0).fire();
        broker.clock.run();

        assertThat(List.of(peer.correlationId(), peer.correlationId(), peer.correlationId(), peer.correlationId()))
                .containsExactly(1, 2, 3, 4);
    }

    @Test
    void shouldLeaveOutWhatHasNoAnswer() throws IOException {
        broker.onIoThread(ApiKey.FETCH).handling(request -> {
            if (request.correlationId() == 2) {
                request.respondNothing();
            } else {
                request.respond(request.api().newResponse());
            }
        });

        fetch(1);
        fetch(2);
        fetch(3);

        assertThat(peer.correlationId()).isEqualTo(1);
        assertThat(peer.correlationId()).isEqualTo(3);
    }

    @Test
    void shouldReadNoFurtherWhileTooManyAnswersAreOwed() throws IOException {
        List<Wakeup> parked = new ArrayList<>();
        ScriptedHandler handler = broker.onIoThread(ApiKey.FETCH).handling(r -> parked.add(r.park("", 60_000L)));
        for (int i = 0; i < 100; i++) {
            fetch(i);
        }
        assertThat(handler.seen).hasSize(64);

        for (int i = 0; i < 100; i++) {
            parked.get(i).fire();
            broker.clock.run();
        }

        assertThat(handler.seen).hasSize(100);
        for (int i = 0; i < 100; i++) {
            assertThat(peer.correlationId()).isEqualTo(i);
        }
    }

    // ---- parked by handlers

    @Test
    void shouldGoOnWithAParkedRequestOnceByItsEvent() throws IOException {
        List<Wakeup> parked = new ArrayList<>();
        ScriptedHandler handler = broker.onIoThread(ApiKey.FETCH).handling(r -> parked.add(r.park("", 500L)));
        fetch(1);

        parked.get(0).fire();
        parked.get(0).fire();
        broker.clock.pass(1_000L);

        assertThat(handler.resumed).containsExactly("1 in time");
        assertThat(peer.correlationId()).isEqualTo(1);
    }

    @Test
    void shouldGoOnWithAParkedRequestWhenItsTimeIsOver() throws IOException {
        ScriptedHandler handler = broker.onIoThread(ApiKey.FETCH).handling(request -> request.park("", 500L));
        fetch(1);
        broker.clock.pass(499L);
        assertThat(handler.resumed).isEmpty();

        broker.clock.pass(1L);

        assertThat(handler.resumed).containsExactly("1 late");
    }

    @Test
    void shouldGoOnWithAParkedRequestByTheNextVersionOfItsHandler() throws IOException {
        List<Wakeup> parked = new ArrayList<>();
        ScriptedHandler first = broker.onIoThread(ApiKey.FETCH).handling(r -> parked.add(r.park("note", 60_000L)));
        fetch(1);
        broker.withdraw(ApiKey.FETCH);
        parked.get(0).fire();
        broker.clock.run();
        List<Object> continuations = new ArrayList<>();
        ScriptedHandler second = broker.onIoThread(ApiKey.FETCH).resuming((request, continuation) -> {
            continuations.add(continuation);
            request.read(new FetchRequest());
            request.respond(request.api().newResponse());
        });

        broker.clock.run();

        assertThat(first.resumed).isEmpty();
        assertThat(second.resumed).containsExactly("1 in time");
        assertThat(continuations).containsExactly("note");
        assertThat(peer.correlationId()).isEqualTo(1);
    }

    @Test
    void shouldKeepNothingOfAConnectionThatIsGone() throws IOException {
        List<Wakeup> parked = new ArrayList<>();
        ScriptedHandler handler = broker.onIoThread(ApiKey.FETCH).handling(r -> parked.add(r.park("", 60_000L)));
        fetch(1);
        fetch(2);
        assertThat(broker.memory.usedBytes()).isPositive();

        peer.close();
        parked.get(0).fire();
        broker.clock.pass(100_000L);

        assertThat(broker.memory.usedBytes()).isZero();
        assertThat(broker.clock.timers()).isZero();
        assertThat(broker.dispatcher.inFlight().count()).isZero();
        assertThat(handler.resumed).isEmpty();
    }

    // ---- parts that are away

    @Test
    void shouldParkRequestsInOrderWhileTheirHandlerIsAway() throws IOException {
        broker.onIoThread(ApiKey.FETCH);
        broker.withdraw(ApiKey.FETCH);
        fetch(1);
        fetch(2);
        fetch(3);
        assertThat(broker.slots.parkedNow(ApiKey.FETCH))
                .as("the others are not read")
                .isEqualTo(1);
        broker.clock.pass(RequestDispatcher.PARKED_MS - 1L);

        ScriptedHandler next = broker.onIoThread(ApiKey.FETCH);
        broker.clock.run();

        assertThat(next.seen).containsExactly(1, 2, 3);
        assertThat(broker.slots.parkedNow(ApiKey.FETCH)).isZero();
        assertThat(List.of(peer.correlationId(), peer.correlationId(), peer.correlationId()))
                .containsExactly(1, 2, 3);
        assertThat(broker.memory.usedBytes()).isZero();
        assertThat(broker.clock.timers()).isZero();
    }

    @Test
    void shouldAnswerWithTheErrorThatIsTriedAgainWhenTheHandlerStaysAway() throws IOException {
        broker.onWorker(ApiKey.HEARTBEAT);
        broker.withdraw(ApiKey.HEARTBEAT);
        heartbeat(1);
        heartbeat(2);

        broker.clock.pass(RequestDispatcher.PARKED_MS);

        assertThat(heartbeatError()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        broker.clock.pass(RequestDispatcher.PARKED_MS);
        assertThat(heartbeatError()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        ScriptedHandler late = broker.onWorker(ApiKey.HEARTBEAT);
        broker.clock.run();
        assertThat(late.seen).as("what was answered is not handled, too").isEmpty();
    }

    @Test
    void shouldCloseWhereAnAnswerHasNoPlaceForSuchAnError() throws IOException {
        broker.onWorker(ApiKey.DESCRIBE_CLUSTER);
        broker.withdraw(ApiKey.DESCRIBE_CLUSTER);
        peer.send(ApiKey.DESCRIBE_CLUSTER, 1, 1, new DescribeClusterRequest());

        broker.clock.pass(RequestDispatcher.PARKED_MS);

        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void shouldParkRequestsWhileTheAuthorizerIsAway() throws IOException {
        ScriptedHandler handler = broker.onIoThread(ApiKey.FETCH);
        broker.security.authorizer().withdraw("authorizer");
        fetch(1);
        assertThat(handler.seen).isEmpty();

        broker.offerAuthorizer();
        broker.clock.run();

        assertThat(peer.correlationId()).isEqualTo(1);
        assertThat(handler.seen).containsExactly(1);
    }

    @Test
    void shouldParkRequestsOfNewConnectionsWhileTheAuthenticatorIsAway() throws IOException {
        broker.onIoThread(ApiKey.FETCH);
        broker.security.authenticator().withdraw("authenticator");
        fetch(1);
        broker.clock.pass(100L);

        broker.offerAuthenticator();
        broker.clock.run();

        assertThat(peer.correlationId()).isEqualTo(1);
    }

    @Test
    void shouldGoOnWaitingForTheSecondPartThatIsAway() throws IOException {
        broker.onIoThread(ApiKey.LIST_GROUPS);
        broker.withdraw(ApiKey.LIST_GROUPS);
        broker.security.authorizer().withdraw("authorizer");
        peer.send(ApiKey.LIST_GROUPS, 4, 1, new ListGroupsRequest());
        ScriptedHandler next = broker.onIoThread(ApiKey.LIST_GROUPS);
        broker.clock.run();
        assertThat(next.seen).isEmpty();

        broker.offerAuthorizer();
        broker.clock.run();

        assertThat(next.seen).containsExactly(1);
        assertThat(peer.correlationId()).isEqualTo(1);
    }

    /** What is asked after the handler's call has returned finds no authorizer lent to it, and waits for one. */
    @Test
    void shouldWaitForTheAuthorizerThatIsBeingReplacedRatherThanDeny() throws IOException {
        List<Request> left = new ArrayList<>();
        broker.onIoThread(ApiKey.FETCH).handling(left::add);
        fetch(1);
        broker.security.authorizer().withdraw("authorizer");
        broker.clock.tick(100L);
        broker.clock.schedule(1_000L, broker::offerAuthorizer);

        assertThat(left.get(0).mayDo(Operation.READ, Resource.topic("t"))).isTrue();
    }

    @Test
    void shouldDenyWhenNoAuthorizerComesInTime() throws IOException {
        List<Request> left = new ArrayList<>();
        broker.onIoThread(ApiKey.FETCH).handling(left::add);
        fetch(1);
        broker.security.authorizer().withdraw("authorizer");
        broker.clock.tick(100L);
        long before = broker.clock.milliseconds();

        assertThat(left.get(0).mayDo(Operation.READ, Resource.topic("t"))).isFalse();
        assertThat(broker.clock.milliseconds() - before)
                .isBetween(RequestDispatcher.PARKED_MS, RequestDispatcher.PARKED_MS + 500L);
    }
}
