package io.sluice.coordinator.share.state;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.Reply;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keeps what one caller was told; being told twice is a failure. */
public final class Pending<T> implements Reply<T> {
    private @Nullable T outcome;
    private @Nullable ErrorCode refusal;

    @Override
    public void answer(T told) {
        requireOpen();
        outcome = told;
    }

    @Override
    public void refuse(ErrorCode told) {
        requireOpen();
        refusal = told;
    }

    private void requireOpen() {
        if (isDone()) {
            throw new AssertionError("answered twice");
        }
    }

    public boolean isDone() {
        return outcome != null || refusal != null;
    }

    public T outcome() {
        return Objects.requireNonNull(outcome, () -> "no answer; refused with " + refusal);
    }

    public @Nullable ErrorCode refusal() {
        return refusal;
    }
}
