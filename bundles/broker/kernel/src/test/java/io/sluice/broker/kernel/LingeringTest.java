package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LingeringTest {
    private final Simulation clock = new Simulation();
    private final Lingering lingering = new Lingering(clock, clock);
    private Socket peer;
    private SocketChannel channel;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            peer = new Socket();
            peer.connect(listening.getLocalAddress());
            peer.setSoTimeout(20_000);
            channel = listening.accept();
        }
        channel.configureBlocking(false);
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        channel.close();
        lingering.end(0L);
    }

    private void leave() throws IOException {
        channel.write(ByteBuffer.wrap(new byte[100_000]));
        channel.shutdownOutput();
        lingering.add(channel);
        lingering.watch();
    }

    @Test
    void shouldDropWhatComesSoThatThePeerReadsItsAnswersToTheEnd() throws IOException {
        leave();
        for (int i = 0; i < 10; i++) {
            peer.getOutputStream().write(new byte[10_000]);
            clock.pass(Lingering.POLL_MS);
        }

        assertThat(peer.getInputStream().readAllBytes()).hasSize(100_000);
        assertThat(lingering.count()).isOne();
    }

    @Test
    void shouldCloseWhenThePeerHasClosedAndThenRest() throws IOException {
        leave();
        peer.close();

        clock.pass(Lingering.POLL_MS);

        assertThat(channel.isOpen()).isFalse();
        assertThat(lingering.count()).isZero();
        assertThat(clock.timers()).isZero();
    }

    @Test
    void shouldCloseInTheEndAConnectionWhosePeerStays() throws IOException {
        leave();

        clock.pass(Lingering.LINGER_MS);
        assertThat(channel.isOpen()).isTrue();
        clock.pass(Lingering.POLL_MS * 2);

        assertThat(channel.isOpen()).isFalse();
        assertThat(clock.timers()).isZero();
    }

    @Test
    void shouldCloseAtOnceWhatIsStillWatchedByItsTransport() throws IOException {
        try (Selector left = Selector.open()) {
            channel.register(left, SelectionKey.OP_READ);

            lingering.add(channel);

            assertThat(channel.isOpen()).isFalse();
            assertThat(lingering.count()).isZero();
        }
    }

    @Test
    void shouldLeaveNothingOpenWhenTheBrokerStops() throws IOException {
        leave();
        clock.tick(1L);

        lingering.end(100L);

        assertThat(channel.isOpen()).isFalse();
    }
}
