package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.broker.api.metrics.PartSwaps;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One replaceable role of the broker and who holds it: the registry that owns all of the role's dynamics.
 *
 * <p>Candidates come and go on threads of the container. Opening and closing happen one at a time on the kernel's
 * scheduler, whose threads are never interrupted. The holder of the role is lent out by {@link #acquire()}; when its
 * factory leaves, no further lease is given, the present ones are waited for, and it is closed, all within
 * {@link #DRAIN_MS}. Then the best of the other candidates is opened, or the role is absent until one comes. What waits
 * for a role registers with {@link #whenOpen(Runnable)}.
 *
 * @param <F> the factory, an OSGi service
 * @param <P> what it opens
 */
final class PartRole<F, P> {
    /** SCR's own lock times out after five seconds; a part that leaves is let go before. */
    static final long DRAIN_MS = 4_000L;

    private static final Logger LOG = LoggerFactory.getLogger(PartRole.class);

    private final String kind;
    private final String name;
    private final Scheduler scheduler;
    private final Time time;
    private final Sabotage sabotage;
    private final Lifecycle<F, P> lifecycle;
    private final List<Candidate<F>> candidates = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();

    private volatile @Nullable Holder<F, P> holder;
    private volatile Standing standing = new Standing(PartState.ABSENT, "no bundle provides it", "", "");
    private volatile long openings;
    private volatile int unreturned;
    private final SwapTimes swapTimes = new SwapTimes();
    private boolean ended;
    private boolean settling;

    PartRole(String kind, String name, RoleContext context, Lifecycle<F, P> lifecycle) {
        this.kind = kind;
        this.name = name;
        this.scheduler = context.scheduler();
        this.time = context.time();
        this.sabotage = context.sabotage();
        this.lifecycle = lifecycle;
    }

    /** What opening and closing mean for a role. Called on the scheduler, one call at a time for each role. */
    interface Lifecycle<F, P> {
        P open(F factory) throws Exception;

        /** No lease is out any more, or the drain's time is over. */
        void close(P part) throws Exception;

        /** The part is no longer lent out; what it begins by itself must stop. */
        default void closing(P part) {}

        /** The part can be lent now. */
        default void opened(P part) {}

        /** Whether there are so many roles of this kind that the opening of each is a detail. */
        default boolean isDetail() {
            return false;
        }
    }

    /** A factory with what the container says of it. */
    record Candidate<F>(F factory, Object key, int ranking, String bundle, String version) {}

    /** How the role stands, for people. */
    record Standing(PartState state, String reason, String bundle, String version) {}

    private static final class Holder<F, P> {
        final Candidate<F> candidate;
        final P part;
        final Sabotage sabotage;
        final AtomicInteger leases = new AtomicInteger();
        volatile boolean closing;

        Holder(Candidate<F> candidate, P part, Sabotage sabotage) {
            this.candidate = candidate;
            this.part = part;
            this.sabotage = sabotage;
        }
    }

    /** The right to use the part until {@link #release()}. */
    static final class Lease<P> {
        private final Holder<?, P> holder;

        private Lease(Holder<?, P> holder) {
            this.holder = holder;
        }

        P part() {
            return holder.part;
        }

        void release() {
            if (!holder.sabotage.forgetsThisLease()) {
                holder.leases.decrementAndGet();
            }
        }
    }

    /** Lends the part, or null while it is absent. Never blocks. */
    @Nullable
    Lease<P> acquire() {
        Holder<F, P> now = holder;
        if (now == null || now.closing) {
            return null;
        }
        now.leases.incrementAndGet();
        if (now.closing) {
            now.leases.decrementAndGet();
            return null;
        }
        return new Lease<>(now);
    }

    boolean isOpen() {
        Holder<F, P> now = holder;
        return now != null && !now.closing;
    }

    /** What the present holder was opened by; null while the role is absent. */
    @Nullable
    F factory() {
        Holder<F, P> now = holder;
        return now == null || now.closing ? null : now.candidate.factory();
    }

    /** Counts openings: a part that was lent under another number is another part. */
    long openings() {
        return openings;
    }

    /** How many uses of the holder before the present one had not ended when it was closed. */
    int unreturned() {
        return unreturned;
    }

    String kind() {
        return kind;
    }

    String name() {
        return name;
    }

    Standing standing() {
        return standing;
    }

    /** True when nobody offers to hold the role. */
    synchronized boolean isVacant() {
        return candidates.isEmpty() && holder == null;
    }

    /** The factory that holds the role or would; null when there is none. For questions that it answers at once. */
    synchronized @Nullable F best() {
        Holder<F, P> now = holder;
        return now != null
                ? now.candidate.factory()
                : candidates.isEmpty() ? null : candidates.get(0).factory();
    }

    /** Runs the action once the role is open: now, if it is. */
    void whenOpen(Runnable action) {
        synchronized (this) {
            if (!isOpen()) {
                waiting.add(action);
                return;
            }
        }
        action.run();
    }

    /** Whoever registered this action with {@link #whenOpen} no longer waits. */
    synchronized void forget(Runnable action) {
        waiting.removeIf(waiter -> waiter == action);
    }

    /** A factory appeared; the role is opened soon unless it is held. */
    void offer(Candidate<F> candidate) {
        synchronized (this) {
            candidates.add(candidate);
            candidates.sort(
                    Comparator.comparingInt((Candidate<F> c) -> c.ranking()).reversed());
        }
        scheduler.execute(this::settle);
    }

    /**
     * A factory is leaving: returns when the part that it opened is closed, or {@link #DRAIN_MS} and a little have passed.
     * Not interruptible.
     */
    void withdraw(Object key) {
        synchronized (this) {
            candidates.removeIf(candidate -> candidate.key().equals(key));
            Holder<F, P> now = holder;
            if (now == null || !now.candidate.key().equals(key)) {
                return;
            }
            leave(now, "its bundle is being stopped or updated");
        }
        CountDownLatch closed = new CountDownLatch(1);
        scheduler.execute(() -> {
            try {
                settle();
            } finally {
                closed.countDown();
            }
        });
        Uninterruptibly.await(closed, DRAIN_MS + 500L);
    }

    /** Closes the part and opens no other, for the end of the broker. Blocks. */
    void shutdown() {
        synchronized (this) {
            ended = true;
            candidates.clear();
            Holder<F, P> now = holder;
            if (now != null) {
                leave(now, "the broker is stopping");
            }
        }
        settle();
    }

    /** How often it was replaced, and how long that took. */
    PartSwaps swaps() {
        return swapTimes.snapshot(kind, name, isOpen());
    }

    private void leave(Holder<F, P> leaving, String why) {
        leaving.closing = true;
        swapTimes.left(time.nanoseconds());
        standing = new Standing(PartState.CLOSING, why, leaving.candidate.bundle(), leaving.candidate.version());
    }

    /** Closes a holder that must go and opens the best candidate, until nothing is left to do; one thread at a time. */
    private void settle() {
        synchronized (this) {
            while (settling) {
                Uninterruptibly.await(this);
            }
            settling = true;
        }
        try {
            while (closeIfDue() | openIfDue()) {
                LOG.trace("{} {}: looking again", kind, name);
            }
        } finally {
            synchronized (this) {
                settling = false;
                notifyAll();
            }
        }
    }

    private boolean closeIfDue() {
        Holder<F, P> now = holder;
        if (now == null || !now.closing) {
            return false;
        }
        try {
            if (!sabotage.skipsDrain()) {
                lifecycle.closing(now.part);
                awaitLeases(now);
            }
            lifecycle.close(now.part);
        } catch (Exception | LinkageError e) {
            LOG.error("{} {} did not close cleanly", kind, name, e);
        }
        synchronized (this) {
            holder = null;
            standing = new Standing(
                    PartState.ABSENT,
                    "its bundle is stopped or being updated",
                    now.candidate.bundle(),
                    now.candidate.version());
        }
        return true;
    }

    private boolean openIfDue() {
        List<Candidate<F>> order;
        synchronized (this) {
            if (holder != null || ended || candidates.isEmpty()) {
                return false;
            }
            order = List.copyOf(candidates);
        }
        for (Candidate<F> candidate : order) {
            standing = new Standing(PartState.OPENING, "it is being opened", candidate.bundle(), candidate.version());
            try {
                publish(candidate, lifecycle.open(candidate.factory()));
                return true;
            } catch (Exception | LinkageError e) {
                LOG.error("{} {} of {} {} could not be opened", kind, name, candidate.bundle(), candidate.version(), e);
                standing = new Standing(
                        PartState.FAILED, "it could not be opened: " + e, candidate.bundle(), candidate.version());
            }
        }
        return false;
    }

    private void publish(Candidate<F> candidate, P part) {
        List<Runnable> woken;
        Holder<F, P> next = new Holder<>(candidate, part, sabotage);
        synchronized (this) {
            holder = next;
            openings++;
            if (ended || !candidates.contains(candidate)) {
                leave(next, "its bundle left while it was being opened");
                return;
            }
            standing = new Standing(PartState.OPEN, "", candidate.bundle(), candidate.version());
            swapTimes.opened(time.nanoseconds());
        }
        lifecycle.opened(part);
        LOG.atLevel(lifecycle.isDetail() ? Level.DEBUG : Level.INFO)
                .log("{} {} is open ({} {})", kind, name, candidate.bundle(), candidate.version());
        synchronized (this) {
            woken = List.copyOf(waiting);
            waiting.clear();
        }
        for (Runnable action : woken) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.error("{} {}: what waited for it failed", kind, name, e);
            }
        }
    }

    private void awaitLeases(Holder<F, P> leaving) {
        unreturned = 0;
        long end = time.nanoseconds() + (DRAIN_MS - 500L) * 1_000_000L;
        while (leaving.leases.get() > 0) {
            if (time.nanoseconds() - end > 0) {
                unreturned = leaving.leases.get();
                LOG.warn("{} {}: {} uses did not end in time", kind, name, unreturned);
                return;
            }
            LockSupport.parkNanos(200_000L);
        }
    }
}
