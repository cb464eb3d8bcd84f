package io.sluice.broker.api.metrics;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes what a {@link MetricSource} says. For one thread, and only during the call.
 *
 * <p>Names are Prometheus': {@code [a-zA-Z_:][a-zA-Z0-9_:]*}, a counter's ends in {@code _total}, the unit comes last and is a base unit
 * ({@code _seconds}, {@code _bytes}). Labels are pairs of a name and a value. A sample is taken once for its name and labels; of a family the first
 * kind and help hold. A sample with a label {@code topic} or {@code group} whose topic or group is not shown by its own name is added to
 * those that are shown as {@code _other}.
 *
 * @throws IllegalArgumentException for names that cannot be, and for an odd number of labels
 */
@ProviderType
public interface MetricSink {
    /** A number that only grows as long as the process runs. */
    void counter(String name, String help, double value, String... labels);

    /** A number that is so now. */
    void gauge(String name, String help, double value, String... labels);

    /** How long something took; the name ends in {@code _seconds}. */
    void latency(String name, String help, LatencySnapshot snapshot, String... labels);
}
