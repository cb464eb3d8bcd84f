package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.broker.api.LeadershipListener;
import io.sluice.broker.api.Partitions;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells coordinators which partitions of their topic this broker leads: in order, one call at a time for each listener. */
final class LeadershipListeners {
    private static final Logger LOG = LoggerFactory.getLogger(LeadershipListeners.class);

    private final Scheduler scheduler;
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();

    LeadershipListeners(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** A partition under a leadership. */
    record Led(int partition, int leaderEpoch) {}

    private final class Subscriber {
        private final String topic;
        private final LeadershipListener listener;
        private final ArrayDeque<Consumer<LeadershipListener>> calls = new ArrayDeque<>();
        private boolean running;
        private boolean closed;

        Subscriber(String topic, LeadershipListener listener) {
            this.topic = topic;
            this.listener = listener;
        }

        synchronized void call(Consumer<LeadershipListener> call) {
            if (closed) {
                return;
            }
            calls.add(call);
            if (!running) {
                running = true;
                scheduler.execute(this::run);
            }
        }

        private void run() {
            while (true) {
                Consumer<LeadershipListener> next;
                synchronized (this) {
                    next = closed ? null : calls.poll();
                    if (next == null) {
                        running = false;
                        return;
                    }
                }
                try {
                    next.accept(listener);
                } catch (RuntimeException e) {
                    LOG.error("a coordinator failed to take note of a leadership of {}", topic, e);
                }
            }
        }

        synchronized void close() {
            closed = true;
            calls.clear();
        }
    }

    /** Adds a listener and tells it of what is led already. */
    Partitions.Registration add(String topic, LeadershipListener listener, Supplier<List<Led>> present) {
        Subscriber subscriber = new Subscriber(topic, listener);
        synchronized (this) {
            subscribers.add(subscriber);
            for (Led led : present.get()) {
                subscriber.call(l -> l.elected(led.partition(), led.leaderEpoch()));
            }
        }
        return () -> {
            subscribers.remove(subscriber);
            subscriber.close();
        };
    }

    synchronized void elected(String topic, int partition, int leaderEpoch) {
        for (Subscriber subscriber : subscribers) {
            if (subscriber.topic.equals(topic)) {
                subscriber.call(l -> l.elected(partition, leaderEpoch));
            }
        }
    }

    synchronized void resigned(String topic, int partition) {
        for (Subscriber subscriber : subscribers) {
            if (subscriber.topic.equals(topic)) {
                subscriber.call(l -> l.resigned(partition));
            }
        }
    }
}
