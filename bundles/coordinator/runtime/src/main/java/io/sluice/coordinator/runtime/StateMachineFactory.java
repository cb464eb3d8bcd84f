package io.sluice.coordinator.runtime;

/** Makes the empty state of a partition that is about to be loaded. */
@FunctionalInterface
public interface StateMachineFactory<S extends StateMachine<R>, R> {
    S create(int partition, Timers<R> timers);
}
