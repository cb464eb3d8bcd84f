package io.sluice.broker.kernel;

import io.sluice.protocol.OutboundFrame;
import io.sluice.transport.api.Connection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends the answers of one connection in the order of its requests, whatever the order in which they are ready. An
 * answer whose turn it is goes out at once. Any thread.
 */
final class ResponseOrderer {
    private final Connection connection;
    private final ArrayDeque<KernelRequest> owed = new ArrayDeque<>();
    private boolean closed;

    ResponseOrderer(Connection connection) {
        this.connection = connection;
    }

    /** @return how many answers are owed now */
    synchronized int add(KernelRequest request) {
        owed.add(request);
        return owed.size();
    }

    synchronized int size() {
        return owed.size();
    }

    /**
     * The answer of a request is ready; null when there is none to send. Ownership of the frame passes here.
     */
    synchronized void complete(KernelRequest request, @Nullable OutboundFrame frame) {
        if (closed) {
            if (frame != null) {
                frame.release();
            }
            return;
        }
        request.ready(frame);
        while (true) {
            KernelRequest first = owed.peek();
            if (first == null || !first.isReady()) {
                return;
            }
            owed.poll();
            OutboundFrame next = first.takeFrame();
            if (next != null) {
                connection.send(next);
            }
        }
    }

    /** What is owed still, for people. */
    synchronized List<String> unanswered() {
        return owed.stream().map(KernelRequest::toString).toList();
    }

    /** Ends the waits of parked requests that may be answered with what there is. */
    void hurry() {
        List<KernelRequest> waiting;
        synchronized (this) {
            waiting = new ArrayList<>(owed);
        }
        for (KernelRequest request : waiting) {
            request.hurry();
        }
    }

    void close() {
        List<KernelRequest> left;
        synchronized (this) {
            closed = true;
            left = new ArrayList<>(owed);
            owed.clear();
        }
        for (KernelRequest request : left) {
            OutboundFrame frame = request.takeFrame();
            if (frame != null) {
                frame.release();
            }
            request.abandon();
        }
    }
}
