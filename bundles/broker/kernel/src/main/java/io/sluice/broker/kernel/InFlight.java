package io.sluice.broker.kernel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** The connections that are open, so that a transport that leaves can be drained of what they are owed. Any thread. */
final class InFlight {
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();

    void opened(ClientConnection connection) {
        connections.add(connection);
    }

    void ended(ClientConnection connection) {
        connections.remove(connection);
    }

    int count() {
        return connections.size();
    }

    /**
     * Waits until no connection of the listener is owed an answer; fetches that wait for data are answered at once, empty.
     *
     * @return whether all was answered in time
     */
    boolean drain(String listener, long deadlineNanos) {
        for (ClientConnection connection : connections) {
            if (connection.peer().listenerName().equals(listener)) {
                connection.hurry();
            }
        }
        while (true) {
            boolean idle = true;
            for (ClientConnection connection : connections) {
                if (connection.peer().listenerName().equals(listener) && !connection.isIdle()) {
                    idle = false;
                    connection.hurry();
                }
            }
            if (idle) {
                return true;
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                return false;
            }
            LockSupport.parkNanos(500_000L);
        }
    }
}
