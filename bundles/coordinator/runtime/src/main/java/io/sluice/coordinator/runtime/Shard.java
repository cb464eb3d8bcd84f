package io.sluice.coordinator.runtime;

import io.sluice.base.ErrorCode;
import io.sluice.base.Scheduler;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition of a coordinator: its state machine, the events that wait for it, and what it has written.
 *
 * <p>{@code LOADING -> ACTIVE -> CLOSED}, and back to {@code LOADING} when an append fails or an event throws: what was decided since cannot be
 * told from what is in the log then, so the state is thrown away and made anew from the log, which needs no undo in any state machine. Clients see
 * errors after which they try again.
 *
 * <p>Events come from any thread into the mailbox and are run one at a time by {@link #drain} on the scheduler; their records share an append,
 * and every outcome waits until all that its turn could have seen is committed.
 */
final class Shard<S extends StateMachine<R>, R> {
    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);
    private static final int TURNS_MAX = 512;
    private static final int MAILBOX_MAX = 32_768;
    private static final long LOAD_WAIT_MS = 20L;
    private static final long LOAD_RETRY_MS = 1_000L;

    private enum Phase {
        LOADING,
        ACTIVE,
        CLOSED
    }

    /** A state that is ready, who made it so, and of which attempt to load it is. */
    private record Loaded<S, R>(int attempt, S state, ShardLoader<R> loader) {}

    private record Event<S extends StateMachine<R>, R>(Reply<?> reply, Work<S, R> work) {}

    private final ShardContext<S, R> context;
    private final int partition;
    private final ConcurrentLinkedQueue<Event<S, R>> mailbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger mailboxSize = new AtomicInteger();
    private final AtomicInteger wakeups = new AtomicInteger();
    private final AtomicInteger loadAttempts = new AtomicInteger();
    private final AtomicReference<@Nullable Loaded<S, R>> loaded = new AtomicReference<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final ConcurrentLinkedQueue<CompletableFuture<Void>> reloads = new ConcurrentLinkedQueue<>();
    private final Outbox outbox;

    private volatile Phase phase = Phase.LOADING;
    private volatile boolean closing;
    private volatile boolean loadWanted;
    private volatile boolean started;
    private volatile long loadingSinceMs;
    private volatile long patientUntilMs;

    // What follows belongs to the thread that drains.
    private TimerQueue<R> timers;
    private @Nullable S machine;
    private long closeDeadlineMs = -1L;
    private long reloadDeadlineMs = -1L;
    private long armedAtMs = -1L;
    private Scheduler.Cancellable armed = () -> {};

    Shard(ShardContext<S, R> context, int partition) {
        this.context = context;
        this.partition = partition;
        this.outbox = new Outbox(context, partition, this::schedule);
        this.timers = new TimerQueue<>(context::monotonicMs);
    }

    boolean isActive() {
        return phase == Phase.ACTIVE;
    }

    /** Begins to load, soon. */
    void start() {
        beginPatience();
        started = true;
        loadWanted = true;
        schedule();
    }

    /** Hands an event over, or refuses it at once. */
    void submit(Reply<?> reply, Work<S, R> work) {
        ErrorCode refusal = refusal();
        if (refusal == ErrorCode.NONE && mailboxSize.incrementAndGet() > MAILBOX_MAX) {
            mailboxSize.decrementAndGet();
            refusal = ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
        }
        if (refusal != ErrorCode.NONE) {
            Delivery.refuse(reply, refusal);
            return;
        }
        mailbox.add(new Event<>(reply, work));
        schedule();
    }

    private ErrorCode refusal() {
        if (closing || phase == Phase.CLOSED) {
            return ErrorCode.NOT_COORDINATOR;
        }
        return phase == Phase.LOADING && context.monotonicMs() >= patientUntilMs
                ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS
                : ErrorCode.NONE;
    }

    /** Events that come while the state is loaded wait for it, so that a short pause costs clients no retry; but not for long. */
    private void beginPatience() {
        long patienceMs = context.config().loadPatienceMs();
        loadingSinceMs = context.monotonicMs();
        patientUntilMs = loadingSinceMs + patienceMs;
        if (patienceMs > 0L) {
            context.scheduler().schedule(patienceMs, this::schedule);
        }
    }

    /** Gives the partition up: waits a while for appends in flight, refuses whoever waits, and completes the future. */
    CompletableFuture<Void> close() {
        closing = true;
        schedule();
        return closed;
    }

    /** Gives the state up, as soon as all is committed that is in flight, and loads it again; the future tells that the former state is gone. */
    CompletableFuture<Void> reload() {
        CompletableFuture<Void> givenUp = new CompletableFuture<>();
        reloads.add(givenUp);
        schedule();
        return givenUp;
    }

    private void schedule() {
        if (wakeups.getAndIncrement() == 0) {
            context.scheduler().execute(this::drain);
        }
    }

    /** Runs alone: whoever wakes the shard meanwhile makes it run once more. */
    private void drain() {
        int seen = wakeups.get();
        try {
            if (phase == Phase.CLOSED) {
                completeReloads();
            } else {
                advance();
            }
            if (refusal() != ErrorCode.NONE) {
                refuseMailbox();
            }
        } finally {
            boolean idle = phase != Phase.ACTIVE || mailbox.isEmpty() || outbox.isFull() || !reloads.isEmpty();
            int more = idle ? 0 : 1;
            if (wakeups.addAndGet(more - seen) > 0) {
                context.scheduler().execute(this::drain);
            }
        }
    }

    private void advance() {
        settle();
        if (closing) {
            finishClosing();
            return;
        }
        Loaded<S, R> ready = loaded.getAndSet(null);
        if (ready != null && ready.attempt() == loadAttempts.get()) {
            activate(ready);
        }
        if (!reloads.isEmpty()) {
            advanceReload();
        } else if (phase == Phase.ACTIVE) {
            runTimers();
            runEvents();
            flush();
            settle();
        }
        if (phase == Phase.LOADING && loadWanted) {
            beginLoading();
        }
        arm();
    }

    /** Takes no event until all is committed, or the time for that is over. */
    private void advanceReload() {
        if (phase == Phase.ACTIVE) {
            flush();
            settle();
        }
        if (phase == Phase.ACTIVE && !outbox.isEmpty()) {
            long waitMs = context.config().closeTimeoutMs();
            if (reloadDeadlineMs < 0L) {
                reloadDeadlineMs = context.monotonicMs() + waitMs;
                context.scheduler().schedule(waitMs, this::schedule);
            }
            if (context.monotonicMs() < reloadDeadlineMs) {
                return;
            }
        }
        reloadDeadlineMs = -1L;
        if (started) {
            loadAttempts.incrementAndGet();
            startOver(ErrorCode.NOT_COORDINATOR);
        }
        completeReloads();
    }

    private void completeReloads() {
        CompletableFuture<Void> givenUp;
        while ((givenUp = reloads.poll()) != null) {
            givenUp.complete(null);
        }
    }

    /** What was written past the coordinator since the end of loading is read first. */
    private void activate(Loaded<S, R> ready) {
        if (ready.loader().isBehind()) {
            context.scheduler().execute(() -> load(ready.loader(), ready.state(), ready.attempt()));
            return;
        }
        machine = ready.state();
        phase = Phase.ACTIVE;
        context.loadTimes().loaded(context.monotonicMs() - loadingSinceMs);
        turn(null, (state, turn) -> state.loaded(turn));
    }

    private void runTimers() {
        Consumer<Turn<R>> due;
        while (phase == Phase.ACTIVE && !outbox.isUndecided() && (due = timers.pollDue()) != null) {
            Consumer<Turn<R>> action = due;
            turn(null, (state, turn) -> action.accept(turn));
        }
    }

    private void runEvents() {
        for (int turns = 0; turns < TURNS_MAX && phase == Phase.ACTIVE && !outbox.isFull(); turns++) {
            Event<S, R> event = mailbox.poll();
            if (event == null) {
                return;
            }
            mailboxSize.decrementAndGet();
            turn(event.reply(), event.work());
        }
    }

    private void turn(@Nullable Reply<?> reply, Work<S, R> work) {
        S state = machine;
        if (state == null) {
            throw new IllegalStateException("no state in phase " + phase);
        }
        ShardTurn<R> turn =
                new ShardTurn<>(state, context.serde(), outbox, context.time().milliseconds());
        try {
            work.run(state, turn);
            outbox.hold(turn.deliveries());
        } catch (RuntimeException e) {
            LOG.error("an event failed in {}; its state is loaded again", context.topicPartition(partition), e);
            for (Delivery<?> delivery : turn.deliveries()) {
                if (delivery.reply() != reply) {
                    delivery.refuse(ErrorCode.NOT_COORDINATOR);
                }
            }
            if (reply != null) {
                Delivery.refuse(reply, ErrorCode.UNKNOWN_SERVER_ERROR);
            }
            flush();
            startOver(ErrorCode.NOT_COORDINATOR);
        }
    }

    private void flush() {
        try {
            outbox.flush();
        } catch (RuntimeException e) {
            LOG.error("the records of {} could not be appended", context.topicPartition(partition), e);
            startOver(ErrorCode.NOT_COORDINATOR);
        }
    }

    private void settle() {
        ErrorCode error;
        try {
            error = outbox.settle();
        } catch (RuntimeException e) {
            LOG.error(
                    "what was appended to {} could not be replayed; its state is loaded again",
                    context.topicPartition(partition),
                    e);
            startOver(ErrorCode.NOT_COORDINATOR);
            return;
        }
        if (error != ErrorCode.NONE) {
            LOG.warn(
                    "an append to {} failed with {}; its state is loaded again",
                    context.topicPartition(partition),
                    error);
            startOver(CoordinatorErrors.of(error));
        }
    }

    private void startOver(ErrorCode error) {
        beginPatience();
        phase = Phase.LOADING;
        loadWanted = true;
        outbox.refuseAll(error);
        unload(ErrorCode.NOT_COORDINATOR);
    }

    private void unload(ErrorCode error) {
        S state = machine;
        machine = null;
        timers = new TimerQueue<>(context::monotonicMs);
        if (state != null) {
            try {
                state.unloaded(error);
            } catch (RuntimeException e) {
                LOG.error("the state of {} could not be given up", context.topicPartition(partition), e);
            }
        }
    }

    private void beginLoading() {
        loadWanted = false;
        if (outbox.hasStrays()) {
            int attempt = loadAttempts.get();
            context.scheduler().schedule(LOAD_WAIT_MS, () -> wantLoad(attempt));
            return;
        }
        timers = new TimerQueue<>(context::monotonicMs);
        S fresh = context.factory().create(partition, timers);
        ShardLoader<R> loader = new ShardLoader<>(context, partition, fresh);
        int attempt = loadAttempts.incrementAndGet();
        context.scheduler().execute(() -> load(loader, fresh, attempt));
    }

    private boolean isObsolete(int attempt) {
        return closing || attempt != loadAttempts.get();
    }

    private void load(ShardLoader<R> loader, S fresh, int attempt) {
        long retryMs;
        try {
            ShardLoader.Progress progress = ShardLoader.Progress.MORE;
            while (progress == ShardLoader.Progress.MORE && !isObsolete(attempt)) {
                progress = loader.step();
            }
            if (isObsolete(attempt)) {
                return;
            }
            if (progress == ShardLoader.Progress.DONE) {
                LOG.debug("{} records of {} replayed", loader.recordCount(), context.topicPartition(partition));
                loaded.set(new Loaded<>(attempt, fresh, loader));
                schedule();
                return;
            }
            retryMs = LOAD_WAIT_MS;
        } catch (IOException e) {
            LOG.warn("{} could not be read and is tried again", context.topicPartition(partition), e);
            retryMs = LOAD_WAIT_MS;
        } catch (RuntimeException e) {
            // The state is half made: another one is loaded from the start.
            LOG.error("{} could not be replayed; it is loaded again", context.topicPartition(partition), e);
            context.scheduler().schedule(LOAD_RETRY_MS, () -> wantLoad(attempt));
            return;
        }
        context.scheduler().schedule(retryMs, () -> load(loader, fresh, attempt));
    }

    private void wantLoad(int failedAttempt) {
        if (failedAttempt == loadAttempts.get()) {
            loadWanted = true;
            schedule();
        }
    }

    private void refuseMailbox() {
        Event<S, R> event;
        while ((event = mailbox.poll()) != null) {
            mailboxSize.decrementAndGet();
            Delivery.refuse(event.reply(), refusal());
        }
    }

    private void finishClosing() {
        if (closeDeadlineMs < 0L) {
            closeDeadlineMs = context.monotonicMs() + context.config().closeTimeoutMs();
            context.scheduler().schedule(context.config().closeTimeoutMs(), this::schedule);
            flush();
            settle();
            unload(ErrorCode.NOT_COORDINATOR);
            outbox.dropState();
        }
        if (outbox.isEmpty() || context.monotonicMs() >= closeDeadlineMs) {
            outbox.refuseAll(ErrorCode.NOT_COORDINATOR);
            phase = Phase.CLOSED;
            armed.cancel();
            closed.complete(null);
            completeReloads();
        }
    }

    /** Sees to it that the next timer finds somebody awake. */
    private void arm() {
        boolean runs = phase == Phase.ACTIVE && reloads.isEmpty() && !outbox.isUndecided();
        long next = runs ? timers.nextDeadline() : -1L;
        if (next < 0L || (armedAtMs >= 0L && armedAtMs <= next && armedAtMs > context.monotonicMs())) {
            return;
        }
        armed.cancel();
        armedAtMs = next;
        armed = context.scheduler().schedule(Math.max(0L, next - context.monotonicMs()), this::schedule);
    }
}
