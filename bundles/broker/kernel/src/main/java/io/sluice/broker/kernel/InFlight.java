package io.sluice.broker.kernel;

import io.sluice.base.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** The connections that are open, so that a transport that leaves can be drained of what they are owed. Any thread. */
final class InFlight {
    private static final long POLL_NANOS = 500_000L;

    private final Time time;
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private final LongAdder opened = new LongAdder();

    InFlight(Time time) {
        this.time = time;
    }

    void opened(ClientConnection connection) {
        connections.add(connection);
        if (!connection.isLocal()) {
            opened.increment();
        }
    }

    /** How many connections came since the start. */
    long opened() {
        return opened.sum();
    }

    /** How many are open now, by listener, but for one. */
    Map<String, Integer> byListener(String except) {
        Map<String, Integer> counts = new TreeMap<>();
        for (ClientConnection connection : connections) {
            String listener = connection.peer().listenerName();
            if (!listener.equals(except)) {
                counts.merge(listener, 1, Integer::sum);
            }
        }
        return counts;
    }

    void ended(ClientConnection connection) {
        connections.remove(connection);
    }

    /** Memory for produces became scarce, or is there again. */
    void heedScarcity() {
        for (ClientConnection connection : connections) {
            connection.heedScarcity();
        }
    }

    int count() {
        return connections.size();
    }

    /**
     * Waits until no connection of the listener is owed an answer; what waits for something that may take long is hurried.
     *
     * @return the requests that were not answered in time
     */
    List<String> drain(String listener, long deadlineNanos) {
        while (true) {
            boolean idle = true;
            for (ClientConnection connection : connections) {
                if (connection.peer().listenerName().equals(listener) && !connection.isIdle()) {
                    idle = false;
                    connection.hurry();
                }
            }
            if (idle) {
                return List.of();
            }
            if (time.nanoseconds() - deadlineNanos > 0) {
                return unanswered(listener);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private List<String> unanswered(String listener) {
        List<String> all = new ArrayList<>();
        for (ClientConnection connection : connections) {
            if (connection.peer().listenerName().equals(listener)) {
                all.addAll(connection.orderer().unanswered());
            }
        }
        return all;
    }
}
