package io.sluice.coordinator.runtime;

import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** The timers of one state machine: part of its state, and fired in turns. To be used only within its calls. */
@ProviderType
public interface Timers<R> {
    /** Sets the timer of this key, in place of the one that it had. */
    void set(Object key, long delayMs, Consumer<Turn<R>> action);

    /** Takes a timer away; nothing happens when there is none. */
    void cancel(Object key);
}
