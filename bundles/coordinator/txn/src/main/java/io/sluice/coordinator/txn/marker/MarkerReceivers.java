package io.sluice.coordinator.txn.marker;

import io.sluice.broker.api.TransactionEndReceiver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The coordinators that write markers into their topics themselves, as they come and go. Any thread. */
public final class MarkerReceivers {
    private final List<TransactionEndReceiver> present = new CopyOnWriteArrayList<>();
    private final Predicate<String> expected;

    /** @param expected whether a topic's receiver is installed, though perhaps just being replaced */
    public MarkerReceivers(Predicate<String> expected) {
        this.expected = expected;
    }

    public void add(TransactionEndReceiver receiver) {
        present.add(receiver);
    }

    public void remove(TransactionEndReceiver receiver) {
        present.remove(receiver);
    }

    @Nullable
    TransactionEndReceiver of(String topic) {
        for (TransactionEndReceiver receiver : present) {
            if (receiver.topic().equals(topic)) {
                return receiver;
            }
        }
        return null;
    }

    /** A marker that went past a receiver which is just being replaced might never be seen by the next one. */
    boolean isAwaited(String topic) {
        return expected.test(topic);
    }
}
