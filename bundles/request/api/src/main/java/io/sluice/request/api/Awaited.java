package io.sluice.request.api;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A service that comes and goes while its bundle is updated, and the requests that wait for it. For a handler with an optional, dynamic reference.
 * Safe for use from any thread.
 *
 * <p>A request that was made to wait is resumed with a {@link Waiting}: its handler gives that back by {@link #ended}, and handles the request anew.
 */
public final class Awaited<T> {
    private final Set<Waiting> waiting = new LinkedHashSet<>();
    private volatile @Nullable T present;

    /** The wait of one request, as its continuation; any version of the handler understands it. */
    public static final class Waiting {
        private volatile @Nullable Wakeup wakeup;
    }

    /** The service is there; whoever waits goes on. */
    public void offer(T service) {
        List<Waiting> woken;
        synchronized (this) {
            present = service;
            woken = new ArrayList<>(waiting);
            waiting.clear();
        }
        woken.forEach(Awaited::fire);
    }

    /** This service is on its way out; another that has come meanwhile stays. */
    public synchronized void withdraw(T service) {
        if (present == service) {
            present = null;
        }
    }

    /** The service, or null while there is none. */
    public @Nullable T get() {
        return present;
    }

    /** Puts the request and the requests behind it on its connection aside until the service is there. */
    public void hold(Request request, long timeoutMs) {
        Waiting wait = new Waiting();
        wait.wakeup = request.hold(wait, timeoutMs);
        boolean late;
        synchronized (this) {
            late = present != null;
            if (!late) {
                waiting.add(wait);
            }
        }
        if (late) {
            fire(wait);
        }
    }

    /** The wait is over: the request was resumed. */
    public synchronized void ended(Waiting wait) {
        waiting.remove(wait);
    }

    private static void fire(Waiting wait) {
        Wakeup wakeup = wait.wakeup;
        if (wakeup != null) {
            wakeup.fire();
        }
    }
}
