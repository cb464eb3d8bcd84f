package io.sluice.admin.metrics;

import io.sluice.broker.api.metrics.ApiTraffic;
import io.sluice.broker.api.metrics.BrokerMetrics;
import io.sluice.broker.api.metrics.MetricSink;
import io.sluice.broker.api.metrics.MetricSource;
import io.sluice.broker.api.metrics.RequestMemoryUse;

/** Requests by API, connections, and the memory of what waits. */
final class RequestSource implements MetricSource {
    private final BrokerMetrics metrics;

    RequestSource(BrokerMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void collect(MetricSink sink) {
        for (ApiTraffic traffic : metrics.apis()) {
            of(traffic, sink);
        }
        metrics.connections()
                .forEach((listener, count) -> sink.gauge(
                        "sluice_connections", "Connections of clients that are open.", count, "listener", listener));
        sink.counter(
                "sluice_connections_opened_total",
                "Connections that clients have opened.",
                metrics.connectionsOpened());
        RequestMemoryUse memory = metrics.requestMemory();
        sink.gauge(
                "sluice_request_memory_used_bytes",
                "Bytes of requests that are kept because they wait.",
                memory.usedBytes());
        sink.gauge(
                "sluice_request_memory_ceiling_bytes",
                "The most that may be kept (queued.max.request.bytes).",
                memory.ceilingBytes());
        sink.gauge(
                "sluice_request_memory_scarce",
                "1 while connections that produce are not read for want of that memory.",
                memory.scarce() ? 1 : 0);
    }

    private static void of(ApiTraffic traffic, MetricSink sink) {
        String api = traffic.api().apiName();
        traffic.byVersion()
                .forEach((version, count) -> sink.counter(
                        "sluice_requests_total",
                        "Requests that are done with, by API and version.",
                        count,
                        "api",
                        api,
                        "version",
                        Short.toString(version)));
        traffic.errors()
                .forEach((error, count) -> sink.counter(
                        "sluice_request_errors_total",
                        "Errors in answers, of which one may have several; NONE counts answers without any.",
                        count,
                        "api",
                        api,
                        "error",
                        error.name()));
        sink.counter(
                "sluice_requests_disconnected_total",
                "Requests whose connection was closed in place of an answer.",
                traffic.disconnected(),
                "api",
                api);
        sink.latency(
                "sluice_request_duration_seconds",
                "From the reading of a request to the handing over of its answer.",
                traffic.latency(),
                "api",
                api);
        sink.counter(
                "sluice_request_bytes_total", "Bytes of requests, with headers.", traffic.requestBytes(), "api", api);
        sink.counter(
                "sluice_response_bytes_total", "Bytes of answers, with headers.", traffic.responseBytes(), "api", api);
        sink.gauge(
                "sluice_requests_parked",
                "Requests that wait for records, a commit or other members.",
                traffic.parked(),
                "api",
                api);
    }
}
