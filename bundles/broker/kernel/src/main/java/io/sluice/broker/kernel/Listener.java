package io.sluice.broker.kernel;

import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.Transport;
import io.sluice.transport.api.TransportFactory;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What opening and closing mean for the transport of one listener. Its socket outlives the transport; the clients of one
 * that leaves are answered what they are owed, then disconnected, and connect to the next.
 */
final class Listener implements PartRole.Lifecycle<TransportFactory, Transport> {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** What of the drain's time goes to answering requests; the rest is for flushing and closing. */
    private static final long ANSWER_MS = 2_500L;

    private static final long CLOSE_MS = 1_000L;

    /** When the broker stops, its clients get so long to close. */
    private static final long FAREWELL_MS = 1_000L;

    private final ListenerConfig config;
    private final RequestDispatcher dispatcher;
    private final RoleContext context;
    private final Lingering lingering;
    private final HeldSocket socket;
    private volatile boolean ending;
    private long stopNanos;
    private long answerNanos;

    Listener(ListenerConfig config, RequestDispatcher dispatcher, RoleContext context) {
        this.config = config;
        this.dispatcher = dispatcher;
        this.context = context;
        this.lingering = new Lingering(context.scheduler(), context.time());
        this.socket = new HeldSocket(config, context.scheduler(), lingering);
    }

    @Override
    public Transport open(TransportFactory factory) throws IOException {
        boolean opened = false;
        try {
            Transport transport = factory.open(config, socket, dispatcher);
            opened = true;
            return transport;
        } finally {
            if (!opened) {
                socket.returned();
            }
        }
    }

    /** Lets the requests that were read be answered, and says which were not in time. */
    @Override
    public void closing(Transport transport) {
        long began = context.time().nanoseconds();
        transport.stopReading();
        giveBack();
        long stopped = context.time().nanoseconds();
        List<String> unanswered = dispatcher.inFlight().drain(config.name(), stopped + ANSWER_MS * 1_000_000L);
        stopNanos = stopped - began;
        answerNanos = context.time().nanoseconds() - stopped;
        if (!unanswered.isEmpty()) {
            LOG.warn(
                    "listener {} closes without having answered {} requests, the first of them {}",
                    config.name(),
                    unanswered.size(),
                    unanswered.get(0));
        }
    }

    @Override
    public void close(Transport transport) {
        long began = context.time().nanoseconds();
        int connections = transport.connectionCount();
        transport.close(CLOSE_MS);
        lingering.watch();
        giveBack();
        LOG.info(
                "listener {} stopped reading in {} us, answered in {} us, closed {} connections in {} us",
                config.name(),
                stopNanos / 1_000L,
                answerNanos / 1_000L,
                connections,
                (context.time().nanoseconds() - began) / 1_000L);
    }

    private void giveBack() {
        socket.returned();
        if (ending) {
            socket.end();
        }
    }

    /** The broker stops: the next drain refuses new clients at once. */
    void ending() {
        ending = true;
    }

    /** Nobody holds the role any more. */
    void end() {
        socket.end();
        lingering.end(FAREWELL_MS);
    }
}
