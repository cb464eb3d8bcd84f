package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.transport.api.ConnectionHandler;
import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.ListeningSocket;
import io.sluice.transport.api.Transport;
import io.sluice.transport.api.TransportFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Transports come and go; here they hold the socket, and that is all they do. */
final class ListenersTest {
    private final Simulation clock = new Simulation();
    private final List<Holding> opened = new ArrayList<>();
    private final int port;
    private final Listeners listeners;

    private static final class Holding implements Transport {
        final ServerSocketChannel channel;
        boolean reading = true;
        boolean closed;

        Holding(ServerSocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public InetSocketAddress address() {
            return new InetSocketAddress(channel.socket().getLocalPort());
        }

        @Override
        public int connectionCount() {
            return 0;
        }

        @Override
        public void stopReading() {
            reading = false;
        }

        @Override
        public void close(long deadlineMs) {
            closed = true;
        }
    }

    private final class Holder implements TransportFactory {
        @Override
        public Transport open(ListenerConfig listener, ListeningSocket socket, ConnectionHandler handler)
                throws IOException {
            Holding transport = new Holding(socket.channel());
            opened.add(transport);
            return transport;
        }
    }

    private static final class Failing implements TransportFactory {
        @Override
        public Transport open(ListenerConfig listener, ListeningSocket socket, ConnectionHandler handler)
                throws IOException {
            socket.channel();
            throw new IOException("it fails after it was lent the socket");
        }
    }

    ListenersTest() throws IOException, StartupException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        RoleContext context = new RoleContext(clock.atOnce(), clock, Sabotage.of(null));
        BrokerConfig config = BrokerConfig.parse(Path.of("data"), Map.of("listeners", "PLAINTEXT://127.0.0.1:" + port));
        RequestDispatcher dispatcher = new RequestDispatcher(
                new ApiSlots(context, bundle -> true),
                new SecurityRoles("open", "open", context),
                clock,
                clock,
                new RequestMemory(1 << 20),
                new TrafficBook());
        listeners = new Listeners("held", config, dispatcher, context);
    }

    @AfterEach
    void end() {
        listeners.shutdown();
    }

    private void offer(TransportFactory factory, String name, int ranking) {
        listeners.offer("held", new PartRole.Candidate<>(factory, name, ranking, name, "1.0.0"));
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    @Test
    void shouldBindNothingBeforeTheListenersOpen() throws IOException {
        offer(new Holder(), "a", 0);
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);

        listeners.open();

        connect().close();
        assertThat(opened).hasSize(1);
    }

    @Test
    void shouldHandTheSocketFromOneTransportToTheNext() throws IOException {
        listeners.open();
        offer(new Holder(), "a", 0);
        listeners.withdraw("a");
        assertThat(opened.get(0).reading).isFalse();
        assertThat(opened.get(0).closed).isTrue();
        connect().close();

        offer(new Holder(), "b", 0);

        assertThat(opened.get(1).channel).isSameAs(opened.get(0).channel);
    }

    @Test
    void shouldGiveTheSocketToThePreviousTransportWhenTheNextDoesNotOpen() throws IOException {
        listeners.open();
        offer(new Holder(), "a", 0);
        offer(new Failing(), "broken", 2);
        offer(new Holder(), "previous", 1);

        listeners.withdraw("a");

        assertThat(listeners.roles().get(0).standing().bundle()).isEqualTo("previous");
        assertThat(opened.get(1).channel).isSameAs(opened.get(0).channel);
        connect().close();
    }

    @Test
    void shouldRefuseClientsWhenNoTransportComes() throws IOException {
        listeners.open();
        offer(new Holder(), "a", 0);
        listeners.withdraw("a");

        clock.pass(HeldSocket.UNUSED_MS);

        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        offer(new Holder(), "a", 0);
        connect().close();
    }

    @Test
    void shouldFreeThePortWhenTheBrokerStops() throws IOException {
        listeners.open();
        offer(new Holder(), "a", 0);

        listeners.shutdown();

        assertThat(opened.get(0).closed).isTrue();
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
    }
}
