package io.sluice.admin.metrics;

import io.sluice.broker.api.metrics.BrokerMetrics;
import io.sluice.broker.api.metrics.MetricSink;
import io.sluice.broker.api.metrics.MetricSource;
import io.sluice.broker.api.metrics.TopicTraffic;

/** What goes into topics and out of them, of each and of all. */
final class TopicSource implements MetricSource {
    private final BrokerMetrics metrics;

    TopicSource(BrokerMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void collect(MetricSink sink) {
        of("sluice_broker_", " of all topics, deleted ones included.", metrics.total(), sink);
        for (TopicTraffic topic : metrics.topics()) {
            of("sluice_topic_", ", by topic.", topic, sink, "topic", topic.topic());
        }
    }

    private static void of(String prefix, String whose, TopicTraffic traffic, MetricSink sink, String... labels) {
        sink.counter(prefix + "records_in_total", "Records appended" + whose, traffic.recordsIn(), labels);
        sink.counter(prefix + "batches_in_total", "Batches appended" + whose, traffic.batchesIn(), labels);
        sink.counter(prefix + "bytes_in_total", "Bytes appended" + whose, traffic.bytesIn(), labels);
        sink.counter(prefix + "bytes_out_total", "Bytes of records fetched" + whose, traffic.bytesOut(), labels);
        sink.counter(prefix + "produces_total", "Appends that clients asked for" + whose, traffic.produces(), labels);
        sink.counter(
                prefix + "failed_produces_total",
                "Such appends that were refused" + whose,
                traffic.failedProduces(),
                labels);
        sink.counter(prefix + "fetches_total", "Answers to fetches" + whose, traffic.fetches(), labels);
        sink.counter(
                prefix + "failed_fetches_total", "Such answers with an error" + whose, traffic.failedFetches(), labels);
    }
}
