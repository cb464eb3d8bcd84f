package io.sluice.coordinator.share.partition;

import io.sluice.base.ErrorCode;
import io.sluice.base.Scheduler;
import io.sluice.base.TopicIdPartition;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.ShareGroupSettings;
import io.sluice.coordinator.share.partition.Acknowledging.SettlingRules;
import io.sluice.coordinator.share.state.ReadOutcome;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.coordinator.share.state.ShareState;
import io.sluice.coordinator.share.state.StateBatch;
import io.sluice.coordinator.share.state.StateBatches;
import io.sluice.coordinator.share.state.StateChange;
import io.sluice.coordinator.share.state.StateOutcome;
import io.sluice.request.api.Wakeup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A share partition at its leader: the window of records that are on their way, who waits for it, and the writing of what becomes of them.
 *
 * <p>{@code LOADING -> ACTIVE -> CLOSED}. What consumers say takes effect at once, and they are answered when it is kept. One write is under way at a
 * time; what comes meanwhile shares the next. When a write fails nobody knows what is kept: the share partition is closed, whoever waits is told that
 * it has no leader here, and the next fetch loads another one. Who had acquired what is not kept: after that, and after every restart, records that
 * were not acknowledged are available to all. What goes to a dead-letter topic goes there at least once: it is kept first that it does.
 *
 * <p>Guarded by its monitor; whoever waits is told without it. Safe for use from any thread.
 */
public final class SharePartition {
    private static final Logger LOG = LoggerFactory.getLogger(SharePartition.class);
    private static final long UNARMED = -1L;
    private static final long GRACE_MS = 300L;

    private enum Phase {
        LOADING,
        ACTIVE,
        CLOSED
    }

    private final SharePartitionKey key;
    private final TopicIdPartition partition;
    private final int leaderEpoch;
    private final ShareEnvironment environment;
    private final Consumer<SharePartition> whenClosed;

    private Phase phase = Phase.LOADING;
    private AcknowledgeOutcome failure = AcknowledgeOutcome.OK;
    private DeliveryWindow window = new DeliveryWindow(0L, List.of(), 0);
    private Acknowledging acknowledging = new Acknowledging(window);
    private int stateEpoch;
    private boolean fetching;
    private boolean writing;
    private boolean retiring;
    private List<Consumer<AcknowledgeOutcome>> unwritten = new ArrayList<>();
    private final Waiters waiters = new Waiters();
    private boolean hadRoom = true;
    private Scheduler.Cancellable timer = () -> {};
    private long timerAtMs = UNARMED;

    SharePartition(
            SharePartitionKey key,
            TopicIdPartition partition,
            int leaderEpoch,
            ShareEnvironment environment,
            Consumer<SharePartition> whenClosed) {
        this.key = key;
        this.partition = partition;
        this.leaderEpoch = leaderEpoch;
        this.environment = environment;
        this.whenClosed = whenClosed;
    }

    public SharePartitionKey key() {
        return key;
    }

    public TopicIdPartition partition() {
        return partition;
    }

    public int leaderEpoch() {
        return leaderEpoch;
    }

    // ---- loading

    /** Begins to read what is kept. Once. */
    void load() {
        environment.persister().read(key, leaderEpoch, new Reply<>() {
            @Override
            public void answer(ReadOutcome outcome) {
                // Finding where to begin may read from the disk.
                environment.scheduler().execute(() -> loaded(outcome));
            }

            @Override
            public void refuse(ErrorCode error) {
                close(clientError(error), null);
            }
        });
    }

    private void loaded(ReadOutcome kept) {
        if (kept.error() != ErrorCode.NONE) {
            close(clientError(kept.error()), kept.message());
            return;
        }
        ShareGroupSettings settings = environment.settings().apply(key.groupId());
        boolean fresh = kept.startOffset() < 0L;
        long start = fresh ? FirstOffset.of(environment, partition, leaderEpoch, settings) : kept.startOffset();
        if (start < 0L) {
            close(ErrorCode.NOT_LEADER_OR_FOLLOWER, null);
            return;
        }
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            if (phase != Phase.LOADING) {
                return;
            }
            window = new DeliveryWindow(start, kept.batches(), settings.deliveryCountLimit());
            acknowledging = new Acknowledging(window);
            stateEpoch = kept.stateEpoch();
            phase = Phase.ACTIVE;
            if (fresh) {
                window.retell();
            }
            waiters.wakeAll(after);
            settle(after);
        }
        after.forEach(Runnable::run);
    }

    // ---- fetching

    /** Why nothing can be had; {@code NONE} also while it is loaded. */
    public synchronized AcknowledgeOutcome failure() {
        return failure;
    }

    /**
     * Asks where the log has to be read for the next fetch. With a position nobody else gets one until {@link #endFetch} or {@link #leaveFetch}.
     */
    public synchronized FetchTurn beginFetch() {
        ShareGroupSettings settings = environment.settings().apply(key.groupId());
        if (phase != Phase.ACTIVE || fetching || retiring || !window.mayAcquire(settings.locksMax())) {
            return new FetchTurn(null, fetching, waiters.eventCount());
        }
        fetching = true;
        FetchPosition position =
                new FetchPosition(partition, window.nextFetchOffset(), leaderEpoch, -1, settings.readCommitted());
        return new FetchTurn(position, false, waiters.eventCount());
    }

    /** The read came to nothing, or was not wanted. */
    public void leaveFetch() {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            stopFetching(after);
        }
        after.forEach(Runnable::run);
    }

    /** The log begins later than where it was read: what lies before is gone. */
    public void leaveFetchAt(long logStartOffset) {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            if (phase == Phase.ACTIVE) {
                window.startAt(logStartOffset);
                settle(after);
            }
            stopFetching(after);
        }
        after.forEach(Runnable::run);
    }

    private void stopFetching(List<Runnable> after) {
        fetching = false;
        waiters.wakeBehindFetch(after);
    }

    /**
     * Takes records for a member out of what was read at a position that {@link #beginFetch} gave.
     *
     * @param read its records are taken over
     * @throws IOException when they cannot be looked at; the fetch is over then, and they are released
     */
    public Delivery endFetch(
            String member, FetchPosition position, FetchOutcome read, int maxRecords, int batchSize, boolean strict)
            throws IOException {
        List<FetchedBatch> batches;
        try {
            batches = BatchScan.of(read.records(), read.abortedTransactions());
        } catch (IOException | RuntimeException e) {
            read.records().release();
            leaveFetch();
            throw e;
        }
        try {
            return deliver(read, batches, take(member, position, read, batches, maxRecords, batchSize, strict));
        } catch (RuntimeException e) {
            // Nobody knows how much of it was taken.
            read.records().release();
            close(ErrorCode.UNKNOWN_SERVER_ERROR, null);
            throw e;
        }
    }

    private List<AcquiredRange> take(
            String member,
            FetchPosition position,
            FetchOutcome read,
            List<FetchedBatch> batches,
            int maxRecords,
            int batchSize,
            boolean strict) {
        List<Runnable> after = new ArrayList<>();
        List<AcquiredRange> taken = List.of();
        synchronized (this) {
            if (phase == Phase.ACTIVE) {
                ShareGroupSettings settings = environment.settings().apply(key.groupId());
                window.startAt(read.logStartOffset());
                AcquisitionLimits limits = new AcquisitionLimits(
                        maxRecords, batchSize, strict, settings.deliveryCountLimit(), settings.locksMax());
                taken = new Acquisition(
                                window,
                                member,
                                limits,
                                environment.monotonicMs() + settings.lockDurationMs(),
                                environment.deadLetters().serves(settings))
                        .take(position.offset(), batches);
                settle(after);
            }
            stopFetching(after);
        }
        after.forEach(Runnable::run);
        return taken;
    }

    /** The batches in which something was taken, and those between them. */
    private static Delivery deliver(FetchOutcome read, List<FetchedBatch> batches, List<AcquiredRange> taken) {
        if (taken.isEmpty()) {
            read.records().release();
            return Delivery.NOTHING;
        }
        long first = taken.get(0).firstOffset();
        long last = taken.get(taken.size() - 1).lastOffset();
        int from = -1;
        int to = 0;
        for (FetchedBatch batch : batches) {
            if (batch.lastOffset() >= first && from < 0) {
                from = batch.position();
            }
            if (batch.baseOffset() <= last) {
                to = batch.position() + batch.sizeInBytes();
            }
        }
        return new Delivery(BatchScan.cut(read.records(), from, to), taken);
    }

    /**
     * Wakes a member when there may be something for it that is not new in the log; at once when that has happened since its turn. One wake-up for
     * each member.
     */
    public void await(String member, FetchTurn turn, Wakeup wakeup) {
        boolean now;
        synchronized (this) {
            now = phase == Phase.CLOSED
                    || waiters.eventCount() != turn.events()
                    || (turn.isBehindAnother() && !fetching);
            if (!now) {
                waiters.add(member, wakeup, turn.isBehindAnother());
            }
        }
        if (now) {
            wakeup.fire();
        }
    }

    // ---- acknowledging

    /** All of the acknowledgements hold, or none does; the outcome is told when it is kept. */
    public void acknowledge(
            String member, List<Acknowledgement> acknowledgements, Consumer<AcknowledgeOutcome> outcome) {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            ShareGroupSettings settings = environment.settings().apply(key.groupId());
            AcknowledgeOutcome refusal = refusal(member, acknowledgements, settings);
            if (refusal != null) {
                after.add(() -> outcome.accept(refusal));
            } else {
                acknowledging.apply(
                        acknowledgements, rules(settings), environment.monotonicMs() + settings.lockDurationMs());
                unwritten.add(outcome);
                settle(after);
            }
        }
        after.forEach(Runnable::run);
    }

    private @Nullable AcknowledgeOutcome refusal(
            String member, List<Acknowledgement> acknowledgements, ShareGroupSettings settings) {
        if (phase == Phase.CLOSED) {
            return failure;
        }
        if (phase == Phase.LOADING) {
            // Whoever had acquired something before it was loaded has lost it.
            return new AcknowledgeOutcome(
                    ErrorCode.INVALID_RECORD_STATE, "The record state is invalid. The records are not acquired.");
        }
        Acknowledging.Refusal refusal = acknowledging.refusal(member, acknowledgements, settings.mayRenew());
        return refusal == null ? null : new AcknowledgeOutcome(refusal.error(), refusal.message());
    }

    /**
     * A member is gone: what it has not acknowledged is for others, after a moment. Members of one application often go together, and what one leaves
     * should not be taken, and its delivery counted, by another that is about to go.
     */
    public void release(String member) {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            waiters.remove(member);
            if (phase == Phase.ACTIVE) {
                acknowledging.limitLocksOf(member, environment.monotonicMs() + GRACE_MS);
                settle(after);
            }
        }
        after.forEach(Runnable::run);
    }

    /** All members are gone: what they have not acknowledged is given back, that is kept, and then this is closed. */
    void retire() {
        List<Runnable> after = new ArrayList<>();
        boolean now;
        synchronized (this) {
            now = phase != Phase.ACTIVE;
            if (!now) {
                retiring = true;
                acknowledging.expire(
                        Long.MAX_VALUE, rules(environment.settings().apply(key.groupId())));
                settle(after);
            }
        }
        after.forEach(Runnable::run);
        if (now) {
            close();
        }
    }

    private SettlingRules rules(ShareGroupSettings settings) {
        return new SettlingRules(
                settings.deliveryCountLimit(), environment.deadLetters().serves(settings));
    }

    private void expire() {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            timerAtMs = UNARMED;
            if (phase == Phase.ACTIVE) {
                acknowledging.expire(
                        environment.monotonicMs(), rules(environment.settings().apply(key.groupId())));
                settle(after);
            }
        }
        after.forEach(Runnable::run);
    }

    // ---- what follows from a change; with the monitor

    private void settle(List<Runnable> after) {
        ShareGroupSettings settings = environment.settings().apply(key.groupId());
        boolean hasRoom = window.mayAcquire(settings.locksMax());
        if (window.drainMadeAvailable() || (hasRoom && !hadRoom)) {
            waiters.wakeAll(after);
        }
        hadRoom = hasRoom;
        write(after);
        arm();
    }

    private void write(List<Runnable> after) {
        if (writing || phase != Phase.ACTIVE) {
            return;
        }
        List<Consumer<AcknowledgeOutcome>> told = unwritten;
        unwritten = new ArrayList<>();
        List<DeadLetter> letters = window.drainDeadLetters();
        if (!window.hasNews()) {
            told.forEach(outcome -> after.add(() -> outcome.accept(AcknowledgeOutcome.OK)));
            send(letters, after);
            if (retiring) {
                after.add(this::close);
            }
            return;
        }
        writing = true;
        List<StateBatch> batches = StateBatches.merge(List.of(), window.drainChanges(), window.startOffset());
        StateChange change =
                new StateChange(stateEpoch, leaderEpoch, window.startOffset(), window.deliveryCompleteCount(), batches);
        after.add(() -> environment.persister().write(key, change, new Reply<>() {
            @Override
            public void answer(StateOutcome outcome) {
                written(told, letters, outcome.error(), outcome.message());
            }

            @Override
            public void refuse(ErrorCode error) {
                written(told, letters, error, null);
            }
        }));
    }

    private void written(
            List<Consumer<AcknowledgeOutcome>> told,
            List<DeadLetter> letters,
            ErrorCode error,
            @Nullable String message) {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            writing = false;
            if (error == ErrorCode.NONE) {
                told.forEach(outcome -> after.add(() -> outcome.accept(AcknowledgeOutcome.OK)));
                send(letters, after);
                write(after);
            } else {
                told.addAll(unwritten);
                unwritten = told;
            }
        }
        after.forEach(Runnable::run);
        if (error != ErrorCode.NONE) {
            LOG.warn("what became of records of {} could not be kept ({}); it is loaded again", key, error);
            close(clientError(error), message);
        }
    }

    /** Dead letters go when it is kept that they are: a record whose state is lost is delivered again, and may be accepted then. */
    private void send(List<DeadLetter> letters, List<Runnable> after) {
        for (DeadLetter letter : letters) {
            after.add(() -> environment.deadLetters().send(key.groupId(), partition, letter, () -> archived(letter)));
        }
    }

    private void archived(DeadLetter letter) {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            if (phase == Phase.ACTIVE) {
                window.archived(letter.firstOffset(), letter.lastOffset());
                settle(after);
            } else {
                after.add(() -> keepArchived(letter));
            }
        }
        after.forEach(Runnable::run);
    }

    /** The members left before the dead letter was where it belongs: whoever comes next should not send it again. Fenced where another has taken over. */
    private void keepArchived(DeadLetter letter) {
        StateBatch archived = new StateBatch(
                letter.firstOffset(), letter.lastOffset(), RecordState.ARCHIVED.id(), (short) letter.deliveryCount());
        StateChange change = new StateChange(
                stateEpoch, leaderEpoch, ShareState.NO_START_OFFSET, ShareState.NO_COUNT, List.of(archived));
        environment.persister().write(key, change, new Reply<>() {
            @Override
            public void answer(StateOutcome outcome) {
                LOG.debug("{} is closed; its dead letter {} was kept: {}", key, letter, outcome.error());
            }

            @Override
            public void refuse(ErrorCode error) {
                LOG.debug("{} is closed; its dead letter {} was not kept: {}", key, letter, error);
            }
        });
    }

    /** Sees to it that somebody looks when the next lock ends. */
    private void arm() {
        long next = phase == Phase.ACTIVE ? window.nextDeadlineMs() : UNARMED;
        if (next < 0L || (timerAtMs != UNARMED && timerAtMs <= next)) {
            return;
        }
        timer.cancel();
        timerAtMs = next;
        timer = environment.scheduler().schedule(Math.max(1L, next - environment.monotonicMs()), this::expire);
    }

    // ---- the end

    /** Nothing is acquired here any more: whoever waits for something is told so. */
    void close() {
        close(ErrorCode.NOT_LEADER_OR_FOLLOWER, null);
    }

    private void close(ErrorCode error, @Nullable String message) {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return;
            }
            phase = Phase.CLOSED;
            AcknowledgeOutcome why = new AcknowledgeOutcome(error, message);
            failure = why;
            unwritten.forEach(outcome -> after.add(() -> outcome.accept(why)));
            unwritten = new ArrayList<>();
            timer.cancel();
            waiters.wakeAll(after);
        }
        whenClosed.accept(this);
        after.forEach(Runnable::run);
    }

    /** What a client of a share partition is told of what the share coordinator said. */
    private static ErrorCode clientError(ErrorCode error) {
        return switch (error) {
            case INVALID_REQUEST, UNKNOWN_TOPIC_OR_PARTITION, GROUP_ID_NOT_FOUND -> error;
            case MESSAGE_TOO_LARGE, UNKNOWN_SERVER_ERROR -> ErrorCode.UNKNOWN_SERVER_ERROR;
            default -> ErrorCode.NOT_LEADER_OR_FOLLOWER;
        };
    }
}
