package io.sluice.admin.metrics;

import io.sluice.broker.api.metrics.MetricSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks every source and writes what they say. Any thread; one scrape at a time. */
final class MetricsText {
    static final String LEFT_OUT = "sluice_metrics_left_out";
    static final String LEFT_OUT_HELP = "What has no samples of its own, because metrics.* allows no more.";

    private static final Logger LOG = LoggerFactory.getLogger(MetricsText.class);

    private final List<MetricSource> own;
    private final Collection<MetricSource> others;
    private final Supplier<Shown> look;
    private final AtomicReference<Shown> shown;

    /**
     * @param others of other bundles; may change while it is used
     * @param look says what is shown, once for each scrape
     * @param shown what it said the last time, for sources that want to know
     */
    MetricsText(
            List<MetricSource> own,
            Collection<MetricSource> others,
            Supplier<Shown> look,
            AtomicReference<Shown> shown) {
        this.look = look;
        this.own = own;
        this.others = others;
        this.shown = shown;
    }

    synchronized String render() {
        Shown now = look.get();
        shown.set(now);
        Exposition exposition = new Exposition(now);
        int failed = 0;
        for (MetricSource source : own) {
            failed += collect(source, exposition);
        }
        for (MetricSource source : others) {
            failed += collect(source, exposition);
        }
        exposition.gauge(LEFT_OUT, LEFT_OUT_HELP, now.topicsLeftOut(), "what", "topics");
        exposition.gauge(LEFT_OUT, LEFT_OUT_HELP, now.groupsLeftOut(), "what", "groups");
        exposition.gauge(LEFT_OUT, LEFT_OUT_HELP, exposition.leftOut(), "what", "series");
        exposition.gauge("sluice_metrics_sources_failed", "Sources of metrics that failed this time.", failed);
        return exposition.text();
    }

    /** @return 1 when it failed */
    private static int collect(MetricSource source, Exposition into) {
        try {
            source.collect(into);
            return 0;
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("{} could not be measured", source.getClass().getName(), e);
            return 1;
        }
    }
}
