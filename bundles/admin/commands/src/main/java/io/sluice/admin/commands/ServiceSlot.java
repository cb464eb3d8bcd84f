package io.sluice.admin.commands;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Holds a service that may come and go. Any thread. */
final class ServiceSlot<T> {
    private final AtomicReference<@Nullable T> service = new AtomicReference<>();

    void set(T next) {
        service.set(next);
    }

    /** Does nothing when another one has come already: the new one comes before the old one goes. */
    void clear(T old) {
        service.compareAndSet(old, null);
    }

    @Nullable
    T get() {
        return service.get();
    }
}
