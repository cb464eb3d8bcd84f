package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.base.TopicIdPartition;
import java.util.Map;

/**
 * Has moves make their steps in turn, on one thread of the scheduler at a time and only while there are any. One that has ended is taken
 * out of the map; whoever puts one in {@linkplain #wake wakes} the pump. Any thread may call.
 */
final class MovePump<M extends MovePump.Move> {
    private static final long IDLE_MS = 20L;

    private final Map<TopicIdPartition, M> moves;
    private final Runnable afterRound;
    private final Scheduler scheduler;
    private boolean pumping;
    private boolean stepping;
    private boolean stopped;

    /** A partition's way from one place to another. */
    interface Move {
        TopicIdPartition id();

        /** Goes on, on a thread that may block. */
        Progress step();
    }

    /** What a step came to. */
    enum Progress {
        /** There is more to do now. */
        BUSY,
        /** It waits for records, for an engine, or for its user. */
        IDLE,
        /** Nothing is left of it. */
        ENDED
    }

    /**
     * @param moves a concurrent map, which its owner may change at any time
     * @param afterRound is run when each move has made a step, on the same thread
     */
    MovePump(Map<TopicIdPartition, M> moves, Runnable afterRound, Scheduler scheduler) {
        this.moves = moves;
        this.afterRound = afterRound;
        this.scheduler = scheduler;
    }

    /** There may be something to do. */
    void wake() {
        synchronized (this) {
            if (pumping || stopped) {
                return;
            }
            pumping = true;
        }
        scheduler.execute(this::pump);
    }

    private void pump() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            stepping = true;
        }
        boolean busy = false;
        try {
            for (M move : moves.values()) {
                Progress progress = move.step();
                busy |= progress == Progress.BUSY;
                if (progress == Progress.ENDED) {
                    moves.remove(move.id(), move);
                }
            }
            afterRound.run();
        } finally {
            goOn(busy);
        }
    }

    private synchronized void goOn(boolean busy) {
        stepping = false;
        notifyAll();
        if (stopped || moves.isEmpty()) {
            pumping = false;
        } else if (busy) {
            scheduler.execute(this::pump);
        } else {
            scheduler.schedule(IDLE_MS, this::pump);
        }
    }

    /** The pump makes no step after this. Blocks while one is being made. */
    synchronized void stop() {
        stopped = true;
        while (stepping) {
            Uninterruptibly.await(this);
        }
    }
}
