package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.OutboundFrame;
import io.sluice.transport.api.Connection;
import io.sluice.transport.api.FrameHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that have begun to come take their memory under the ceiling, too. */
class HalfReadFramesTest {
    private static final int KB = 1024;

    private final RequestMemory memory = new RequestMemory(1024 * KB);
    private DispatcherFixture fixture;

    @BeforeEach
    void begin() throws Exception {
        fixture = new DispatcherFixture(memory);
    }

    @AfterEach
    void end() throws Exception {
        fixture.close();
    }

    /** A connection that remembers whether it may be read from, and why it was closed. */
    private static final class Peer implements Connection {
        private boolean paused;
        private String closedFor = "";
        private FrameHandler handler;

        @Override
        public long id() {
            return 1L;
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        }

        @Override
        public String listenerName() {
            return "TEST";
        }

        @Override
        public void send(OutboundFrame frame) {
            frame.release();
        }

        @Override
        public void pauseReading() {
            assertThat(paused).as("calls do not nest").isFalse();
            paused = true;
        }

        @Override
        public void resumeReading() {
            assertThat(paused).isTrue();
            paused = false;
        }

        @Override
        public void close(String reason) {
            closedFor = reason;
        }

        @Override
        public boolean isOpen() {
            return closedFor.isEmpty();
        }
    }

    private Peer connect() {
        Peer peer = new Peer();
        peer.handler = fixture.dispatcher.connected(peer);
        return peer;
    }

    @Test
    void shouldLetNoMoreBeginThanCanBeFinished() {
        Peer first = connect();
        Peer second = connect();
        assertThat(first.handler.admit(300 * KB)).isTrue();
        assertThat(second.handler.admit(300 * KB)).isFalse();
        assertThat(first.paused).isFalse();
        assertThat(second.paused).isTrue();

        first.handler.discharge(300 * KB);
        fixture.clock.run();
        assertThat(second.paused).isFalse();
        assertThat(second.handler.admit(300 * KB)).isTrue();
        second.handler.discharge(300 * KB);
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void shouldLetOneInThatIsLargerThanAllThereIs() {
        Peer large = connect();
        Peer other = connect();
        assertThat(large.handler.admit(1000 * KB)).isTrue();
        assertThat(other.handler.admit(300 * KB)).isFalse();
        large.handler.discharge(1000 * KB);
        fixture.clock.run();
        assertThat(other.paused).isFalse();
        assertThat(other.handler.admit(300 * KB)).isTrue();
        assertThat(large.handler.admit(1000 * KB)).as("not beside others").isFalse();
    }

    @Test
    void shouldCloseWhatDoesNotComeWholeWhileOthersWait() {
        Peer stalled = connect();
        Peer waiting = connect();
        assertThat(stalled.handler.admit(300 * KB)).isTrue();
        fixture.clock.pass(2 * HalfReadFrames.STALLED_MS);
        assertThat(stalled.closedFor).as("nobody needs the memory").isEmpty();

        assertThat(waiting.handler.admit(300 * KB)).isFalse();
        fixture.clock.pass(2_000L);
        assertThat(stalled.closedFor).contains("did not come whole");
        stalled.handler.discharge(300 * KB);
        stalled.handler.closed(stalled.closedFor);
        fixture.clock.pass(2_000L);
        assertThat(waiting.paused).isFalse();
        assertThat(fixture.dispatcher.halfRead().starvedCount()).isZero();
    }

    @Test
    void shouldKeepNobodyWaitingWhoSendsWholeOrSmallRequests() {
        assertThat(connect().handler.admit(300 * KB)).isTrue();
        assertThat(connect().handler.admit(300 * KB)).isFalse();
        assertThat(memory.isScarce()).as("of memory for produces").isFalse();
        assertThat(connect().handler.admit(64 * KB)).isTrue();
    }
}
