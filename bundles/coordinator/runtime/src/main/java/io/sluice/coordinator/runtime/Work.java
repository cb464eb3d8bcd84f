package io.sluice.coordinator.runtime;

/** One event for a state machine. */
@FunctionalInterface
public interface Work<S extends StateMachine<R>, R> {
    void run(S state, Turn<R> turn);
}
