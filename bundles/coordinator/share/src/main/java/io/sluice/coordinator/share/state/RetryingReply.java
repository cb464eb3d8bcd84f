package io.sluice.coordinator.share.state;

import io.sluice.base.ErrorCode;
import io.sluice.base.Scheduler;
import io.sluice.coordinator.runtime.Reply;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Asks again, with growing pauses, while the share coordinator is away or being loaded. Any thread. */
final class RetryingReply<T> implements Reply<T> {
    private static final long FIRST_PAUSE_MS = 20L;
    private static final long PAUSE_MAX_MS = 500L;
    private static final int ATTEMPTS_MAX = 20;

    private final Scheduler scheduler;
    private final Reply<T> reply;
    private final Consumer<Reply<T>> question;
    private final BooleanSupplier isOver;
    private int attempts;
    private long pauseMs = FIRST_PAUSE_MS;

    private RetryingReply(Scheduler scheduler, Reply<T> reply, Consumer<Reply<T>> question, BooleanSupplier isOver) {
        this.scheduler = scheduler;
        this.reply = reply;
        this.question = question;
        this.isOver = isOver;
    }

    /** @param isOver whether there will be no other answer any more, because whoever asks is being stopped */
    static <T> void ask(Scheduler scheduler, Reply<T> reply, Consumer<Reply<T>> question, BooleanSupplier isOver) {
        RetryingReply<T> retrying = new RetryingReply<>(scheduler, reply, question, isOver);
        question.accept(retrying);
    }

    @Override
    public void answer(T outcome) {
        reply.answer(outcome);
    }

    /** Attempts follow each other, so that there is nothing to guard. */
    @Override
    public void refuse(ErrorCode error) {
        attempts++;
        if (!isPassing(error) || attempts >= ATTEMPTS_MAX || isOver.getAsBoolean()) {
            reply.refuse(error);
            return;
        }
        long pause = pauseMs;
        pauseMs = Math.min(PAUSE_MAX_MS, 2L * pauseMs);
        scheduler.schedule(pause, () -> question.accept(this));
    }

    private static boolean isPassing(ErrorCode error) {
        return error == ErrorCode.NOT_COORDINATOR
                || error == ErrorCode.COORDINATOR_NOT_AVAILABLE
                || error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
    }
}
