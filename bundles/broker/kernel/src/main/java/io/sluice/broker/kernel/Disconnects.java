package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.request.api.DisconnectListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of connections that have ended, to each listener one at a time, on the scheduler. Any thread. */
final class Disconnects {
    private static final Logger LOG = LoggerFactory.getLogger(Disconnects.class);

    private final Scheduler scheduler;
    private final List<Told> listeners = new CopyOnWriteArrayList<>();

    private static final class Told {
        private final DisconnectListener listener;
        private boolean gone;

        Told(DisconnectListener listener) {
            this.listener = listener;
        }

        synchronized void tell(long connectionId) {
            if (gone) {
                return;
            }
            try {
                listener.disconnected(connectionId);
            } catch (RuntimeException e) {
                LOG.error(
                        "{} failed when connection {} ended",
                        listener.getClass().getName(),
                        connectionId,
                        e);
            }
        }

        synchronized void leave() {
            gone = true;
        }
    }

    Disconnects(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void add(DisconnectListener listener) {
        listeners.add(new Told(listener));
    }

    /** It is not called any more when this returns. */
    void remove(DisconnectListener listener) {
        for (Told told : listeners) {
            if (told.listener == listener) {
                listeners.remove(told);
                told.leave();
            }
        }
    }

    void tell(long connectionId) {
        for (Told told : listeners) {
            scheduler.execute(() -> told.tell(connectionId));
        }
    }
}
