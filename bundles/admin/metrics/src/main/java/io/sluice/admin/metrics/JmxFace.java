package io.sluice.admin.metrics;

import io.sluice.admin.metrics.jmx.KafkaBeans;
import io.sluice.base.Scheduler;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The MBeans with Kafka's names, when {@code metrics.jmx} wants them. They are made once the broker is ready, so that no start waits for the classes of JMX to be
 * loaded.
 */
final class JmxFace implements AutoCloseable {
    private static final long LOOK_MS = 200L;
    private static final List<String> AGENTS = List.of(
            "com.sun.management.jmxremote",
            "com.sun.management.jmxremote.port",
            "com.sun.management.jmxremote.local.only");

    private final Scheduler scheduler;
    private final BooleanSupplier started;
    private final Supplier<KafkaBeans> maker;
    private Scheduler.@Nullable Cancellable timer;
    private @Nullable KafkaBeans beans;
    private boolean closed;

    JmxFace(Scheduler scheduler, BooleanSupplier started, Supplier<KafkaBeans> maker) {
        this.scheduler = scheduler;
        this.started = started;
        this.maker = maker;
    }

    /** @param mode {@code on}, {@code off}, or {@code auto}: when the virtual machine was started with an agent for JMX */
    static boolean isWanted(String mode) {
        return switch (mode) {
            case "on" -> true;
            case "off" -> false;
            default -> AGENTS.stream().anyMatch(agent -> System.getProperty(agent) != null);
        };
    }

    /** Makes them now, or looks again in a moment. */
    synchronized void open() {
        if (closed) {
            return;
        }
        if (!started.getAsBoolean()) {
            timer = scheduler.schedule(LOOK_MS, this::open);
            return;
        }
        KafkaBeans made = maker.get();
        beans = made;
        made.refresh();
        timer = scheduler.scheduleWithFixedDelay(KafkaBeans.REFRESH_MS, KafkaBeans.REFRESH_MS, made::refresh);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (timer != null) {
            timer.cancel();
        }
        if (beans != null) {
            beans.close();
        }
    }
}
