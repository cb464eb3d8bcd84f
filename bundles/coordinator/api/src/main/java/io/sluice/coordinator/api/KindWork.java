package io.sluice.coordinator.api;

import io.sluice.coordinator.runtime.Turn;
import org.osgi.annotation.versioning.ConsumerType;

/** One event for the state of a kind. It answers its reply through the turn, in this or in a later event. */
@FunctionalInterface
@ConsumerType
public interface KindWork<S extends GroupKindState> {
    void run(S state, Turn<KindRecord> turn);
}
