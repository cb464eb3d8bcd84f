package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.transport.api.ListenerConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HeldSocketTest {
    private final Simulation clock = new Simulation();
    private final ListenerConfig listener;
    private final HeldSocket socket;

    HeldSocketTest() throws IOException {
        listener = ListenerConfig.of("PLAINTEXT", "127.0.0.1", freePort());
        socket = new HeldSocket(listener, clock, new Lingering(clock, clock));
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), listener.port());
    }

    @AfterEach
    void end() {
        socket.end();
    }

    @Test
    void shouldBindNothingBeforeItIsAskedFor() {
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    }

    @Test
    void shouldLendOneTransportAfterTheOtherTheSocketOnWhichClientsWait() throws IOException {
        ServerSocketChannel lent = socket.channel();
        socket.returned();
        try (Socket waiting = connect()) {
            clock.pass(HeldSocket.UNUSED_MS - 1);

            assertThat(socket.channel()).isSameAs(lent);
            try (SocketChannel accepted = lent.accept()) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(waiting.getLocalSocketAddress());
            }
        }
    }

    @Test
    void shouldRefuseClientsOnceNoTransportCameForLong() throws IOException {
        socket.channel();
        socket.returned();

        clock.pass(HeldSocket.UNUSED_MS);

        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        assertThat(socket.channel().getLocalAddress()).isEqualTo(new InetSocketAddress("127.0.0.1", listener.port()));
        connect().close();
    }

    @Test
    void shouldStayOpenWhileItIsLent() throws IOException {
        socket.channel();
        socket.returned();
        clock.pass(1_000L);
        ServerSocketChannel lent = socket.channel();

        clock.pass(10 * HeldSocket.UNUSED_MS);

        assertThat(lent.isOpen()).isTrue();
        assertThat(clock.timers()).isZero();
    }

    @Test
    void shouldLendAnotherWhenATransportStillWatchesTheOneItGaveBack() throws IOException {
        ServerSocketChannel watched = socket.channel();
        try (Selector left = Selector.open()) {
            watched.register(left, SelectionKey.OP_ACCEPT);

            socket.returned();

            assertThat(watched.isOpen()).isFalse();
        }
        assertThat(socket.channel().isRegistered()).isFalse();
        connect().close();
    }

    @Test
    void shouldLendAnotherWhenATransportClosedIt() throws IOException {
        socket.channel().close();
        socket.returned();

        assertThat(socket.channel().isOpen()).isTrue();
        connect().close();
    }

    @Test
    void shouldSayThatThePortIsInUse() throws IOException {
        try (ServerSocket other = new ServerSocket(listener.port(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(other.isBound()).isTrue();
            assertThatThrownBy(socket::channel).isInstanceOf(BindException.class);
        }
        assertThat(socket.channel().isOpen()).isTrue();
    }

    @Test
    void shouldRefuseClientsAndTransportsOnceTheBrokerStops() throws IOException {
        socket.channel();
        socket.returned();

        socket.end();

        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        assertThatThrownBy(socket::channel).isInstanceOf(IOException.class);
        assertThat(clock.timers()).isZero();
    }
}
