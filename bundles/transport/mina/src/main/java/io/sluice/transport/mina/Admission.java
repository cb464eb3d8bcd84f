package io.sluice.transport.mina;

import io.sluice.base.Time;
import io.sluice.transport.api.ListenerConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts a listener's connections, in all and by address, and refuses those above the limits. Any thread. */
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final long LOG_EVERY_NANOS = 1_000_000_000L;

    private final ListenerConfig listener;
    private final Time time;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final AtomicLong loggedAt;
    private final AtomicInteger unlogged = new AtomicInteger();

    Admission(ListenerConfig listener, Time time) {
        this.listener = listener;
        this.time = time;
        this.loggedAt = new AtomicLong(time.nanoseconds() - LOG_EVERY_NANOS);
    }

    /** @return false when it must be closed at once; a line in the log says why, at most one a second */
    boolean admit(InetSocketAddress peer) {
        int now = all.incrementAndGet();
        int here = byAddress.merge(peer.getAddress(), 1, Integer::sum);
        if (now > listener.connectionsMax()) {
            refuse(peer, "max.connections", listener.connectionsMax());
            return false;
        }
        if (here > listener.connectionsPerAddressMax()) {
            refuse(peer, "max.connections.per.ip", listener.connectionsPerAddressMax());
            return false;
        }
        return true;
    }

    void left(InetSocketAddress peer) {
        all.decrementAndGet();
        byAddress.computeIfPresent(peer.getAddress(), (address, count) -> count == 1 ? null : count - 1);
    }

    private void refuse(InetSocketAddress peer, String key, int limit) {
        left(peer);
        long now = time.nanoseconds();
        long last = loggedAt.get();
        if (now - last < LOG_EVERY_NANOS || !loggedAt.compareAndSet(last, now)) {
            unlogged.incrementAndGet();
            return;
        }
        LOG.warn(
                "refused a connection from {} to listener {}: {}={} is reached ({} more were refused since the last such line)",
                peer,
                listener.name(),
                key,
                limit,
                unlogged.getAndSet(0));
    }
}
