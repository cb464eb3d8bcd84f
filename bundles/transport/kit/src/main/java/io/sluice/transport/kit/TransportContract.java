package io.sluice.transport.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.Transport;
import io.sluice.transport.api.TransportFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the parts of the contract share: one transport, its peers, and threads. */
public abstract class TransportContract {
    protected static final long CLOSE_MS = 10_000L;
    protected static final Duration QUIET = Duration.ofMillis(200);

    protected final RecordingHandler handler = new RecordingHandler();
    private final List<Transport> transports = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();
    private final List<BoundSocket> sockets = new ArrayList<>();
    private TransportFactory factory;
    private ExecutorService threads;

    /** A new factory of the transport under test. */
    protected abstract TransportFactory factory();

    /** A client of a transport that this factory opened. */
    protected abstract Peer connect(TransportFactory factory, Transport transport) throws IOException;

    /** What the names of its threads begin with. */
    protected abstract String threadPrefix();

    @BeforeEach
    void begin() {
        factory = factory();
        threads = Executors.newCachedThreadPool();
    }

    @AfterEach
    void end() throws IOException {
        for (Peer peer : peers) {
            peer.close();
        }
        for (Transport transport : transports) {
            transport.close(0L);
        }
        for (BoundSocket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
        await().untilAsserted(() -> assertThat(threadsOfTransports()).isEmpty());
    }

    protected static ListenerConfig listener() {
        return ListenerConfig.of("TEST", "127.0.0.1", 0);
    }

    protected static ListenerConfig limited(int frameBytesMax, int connectionsMax, int perAddressMax, long idleMs) {
        return new ListenerConfig(
                "TEST", "127.0.0.1", 0, 50, 2, frameBytesMax, connectionsMax, perAddressMax, idleMs, -1, -1, 1 << 20);
    }

    protected final Transport open() throws IOException {
        return open(listener());
    }

    protected final Transport open(ListenerConfig config) throws IOException {
        return open(config, socket(config));
    }

    protected final Transport open(ListenerConfig config, BoundSocket socket) throws IOException {
        Transport transport = factory.open(config, socket, handler);
        transports.add(transport);
        return transport;
    }

    /** A listening socket, for one transport after the other. */
    protected final BoundSocket socket(ListenerConfig config) {
        BoundSocket socket = new BoundSocket(config);
        sockets.add(socket);
        return socket;
    }

    protected final TransportFactory factoryUnderTest() {
        return factory;
    }

    protected final Peer connect(Transport transport) throws IOException {
        Peer peer = connect(factory, transport);
        peers.add(peer);
        return peer;
    }

    /** What the kernel has of a peer that connects now. */
    protected final RecordingHandler.Link link(int index) {
        if (handler.links().size() <= index) {
            await().until(() -> handler.links().size() > index);
        }
        return handler.links().get(index);
    }

    /** Every frame is sent back. */
    protected final void echo() {
        handler.react((link, frame) -> link.connection().send(Frames.answer(frame)));
    }

    protected final CompletableFuture<Void> aside(ThrowingRunnable task) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                threads);
    }

    /** The kernel's end of this connection was told, once. */
    protected static void awaitEnd(RecordingHandler.Link link) {
        await().untilAsserted(() -> assertThat(link.endings()).hasSize(1));
        assertThat(link.overlaps()).isZero();
    }

    /** Nothing more comes from the other end: it has finished, or the connection was reset. */
    protected static boolean isOver(Peer peer) {
        try {
            return peer.read(1).length == 0;
        } catch (IOException e) {
            return true;
        }
    }

    protected final List<String> threadsOfTransports() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith(threadPrefix()))
                .toList();
    }

    /** Work that may fail for I/O. */
    @FunctionalInterface
    protected interface ThrowingRunnable {
        void run() throws IOException;
    }
}
