package io.sluice.broker.kernel;

import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import io.sluice.protocol.MessageBytes;
import io.sluice.protocol.MessageReader;
import io.sluice.protocol.message.RequestHeader;
import io.sluice.protocol.message.ResponseHeader;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.security.open.OpenAuthenticatorFactory;
import io.sluice.security.open.OpenAuthorizerFactory;
import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.ListeningSocket;
import io.sluice.transport.api.Transport;
import io.sluice.transport.loopback.LoopbackNetwork;
import io.sluice.transport.loopback.LoopbackPeer;
import io.sluice.transport.loopback.LoopbackTransportFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** The dispatcher behind a transport that delivers on the peer's thread; workers and timers wait for the clock. */
final class DispatcherFixture implements AutoCloseable {
    static final String LISTENER = "PLAINTEXT";

    final Simulation clock = new Simulation();
    final ApiSlots slots;
    final SecurityRoles security;
    final RequestMemory memory;
    final RequestDispatcher dispatcher;
    private final LoopbackNetwork network = new LoopbackNetwork();
    private final Transport transport;
    private final List<LoopbackPeer> peers = new ArrayList<>();

    DispatcherFixture() throws IOException {
        this(new RequestMemory(64L << 20));
    }

    DispatcherFixture(RequestMemory memory) throws IOException {
        RoleContext roles = new RoleContext(clock.atOnce(), clock, Sabotage.of(null));
        this.memory = memory;
        this.slots = new ApiSlots(roles, bundle -> true);
        this.security = new SecurityRoles("open", "open", roles);
        this.dispatcher = new RequestDispatcher(slots, security, clock, clock, memory, new TrafficBook());
        this.transport = new LoopbackTransportFactory(network, Runnable::run)
                .open(ListenerConfig.of(LISTENER, "", 0), new NoSocket(), dispatcher);
        offerAuthenticator();
        offerAuthorizer();
        offer(new ApiVersionsHandler(slots, new MemoryMetadata()::image, 1, "a-cluster", Sabotage.of(null)));
    }

    private static final class NoSocket implements ListeningSocket {
        @Override
        public ServerSocketChannel channel() {
            throw new IllegalStateException("there is no network here");
        }

        @Override
        public void linger(SocketChannel connection) {
            throw new IllegalStateException("there is no network here");
        }
    }

    void offerAuthenticator() {
        security.authenticator()
                .offer(new PartRole.Candidate<>(new OpenAuthenticatorFactory(), "authenticator", 0, "open", "1"));
    }

    void offerAuthorizer() {
        security.authorizer()
                .offer(new PartRole.Candidate<>(new OpenAuthorizerFactory(), "authorizer", 0, "open", "1"));
    }

    void offer(ApiHandler handler) {
        slots.offer(new PartRole.Candidate<>(handler, handler.api(), 0, "handlers", "1.0.0"));
    }

    void withdraw(ApiKey api) {
        slots.withdraw(api, api);
    }

    ScriptedHandler onIoThread(ApiKey api) {
        ScriptedHandler handler = new ScriptedHandler(api, ApiHandler.Execution.IO_THREAD);
        offer(handler);
        return handler;
    }

    ScriptedHandler onWorker(ApiKey api) {
        ScriptedHandler handler = new ScriptedHandler(api, ApiHandler.Execution.WORKER);
        offer(handler);
        return handler;
    }

    Peer connect() throws IOException {
        LoopbackPeer peer = network.connect(transport.address().getPort());
        peers.add(peer);
        return new Peer(peer);
    }

    /** A client that writes frames and reads answers. */
    static final class Peer {
        private final LoopbackPeer peer;

        private Peer(LoopbackPeer peer) {
            this.peer = peer;
        }

        Peer send(ApiKey api, int version, int correlationId, Message body) throws IOException {
            ByteBuffer header = MessageBytes.encode(
                    new RequestHeader()
                            .setRequestApiKey(api.id())
                            .setRequestApiVersion((short) version)
                            .setCorrelationId(correlationId)
                            .setClientId("a-test"),
                    api.requestHeaderVersion((short) version));
            ByteBuffer encoded = MessageBytes.encode(body, (short) version);
            ByteBuffer frame = ByteBuffer.allocate(header.remaining() + encoded.remaining());
            return raw(frame.put(header).put(encoded).array());
        }

        Peer raw(byte[] frame) throws IOException {
            peer.write(ByteBuffer.allocate(4 + frame.length)
                    .putInt(frame.length)
                    .put(frame)
                    .array());
            return this;
        }

        /** The next answer's frame, from the correlation id on. */
        ByteBuffer frame() throws IOException {
            byte[] size = peer.read(4);
            if (size.length < 4) {
                throw new IOException("the connection was closed");
            }
            return ByteBuffer.wrap(peer.read(ByteBuffer.wrap(size).getInt()));
        }

        int correlationId() throws IOException {
            return frame().getInt();
        }

        <M extends Message> M answer(ApiKey api, int version, M into) throws IOException {
            MessageReader reader = new MessageReader(frame());
            new ResponseHeader().read(reader, api.responseHeaderVersion((short) version));
            into.read(reader, (short) version);
            return into;
        }

        /** Whether the broker closed the connection and has nothing more to say. */
        boolean isClosed() throws IOException {
            try {
                return peer.read(1).length == 0;
            } catch (java.net.SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                return true;
            }
        }

        void close() {
            peer.close();
        }
    }

    @Override
    public void close() {
        peers.forEach(LoopbackPeer::close);
        transport.close(1_000L);
    }
}
