package io.sluice.coordinator.streams.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Function;

/** Collects the outcomes of the parts of one request, in their order, and tells when all are there. Any thread. */
final class Gathering<T> {
    private final AtomicReferenceArray<T> outcomes;
    private final AtomicInteger missing;
    private final Consumer<List<T>> whenComplete;

    /** With no parts at all the consumer is called at once. */
    public Gathering(int parts, Consumer<List<T>> whenComplete) {
        this.outcomes = new AtomicReferenceArray<>(parts);
        this.missing = new AtomicInteger(parts);
        this.whenComplete = whenComplete;
        if (parts == 0) {
            whenComplete.accept(List.of());
        }
    }

    /** Sets the outcome of one part; once for each. */
    public void put(int part, T outcome) {
        outcomes.set(part, outcome);
        if (missing.decrementAndGet() == 0) {
            List<T> all = new ArrayList<>(outcomes.length());
            for (int i = 0; i < outcomes.length(); i++) {
                all.add(outcomes.get(i));
            }
            whenComplete.accept(all);
        }
    }

    /** The reply of one part, whose outcome is made from what is answered, or from the error. */
    public <A> Reply<A> part(int part, Function<A, T> outcome, Function<ErrorCode, T> refusal) {
        return new Reply<>() {
            @Override
            public void answer(A answer) {
                put(part, outcome.apply(answer));
            }

            @Override
            public void refuse(ErrorCode error) {
                put(part, refusal.apply(error));
            }
        };
    }
}
