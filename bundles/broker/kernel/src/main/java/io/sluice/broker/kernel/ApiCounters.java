package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.metrics.ApiTraffic;
import io.sluice.broker.api.metrics.LatencyHistogram;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.ErrorTally;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What became of the requests of one API. Any thread, no lock; nothing is allocated for a request that ends without an error. */
final class ApiCounters {
    private final ApiKey api;
    private final LongAdder[] byVersion;
    private final LongAdder unknownVersion = new LongAdder();
    private final LongAdder clean = new LongAdder();
    private final LongAdder disconnected = new LongAdder();
    private final LongAdder requestBytes = new LongAdder();
    private final LongAdder responseBytes = new LongAdder();
    private final LongAdder parked = new LongAdder();
    private final LatencyHistogram latency = new LatencyHistogram();
    private final Map<ErrorCode, LongAdder> errors = new ConcurrentHashMap<>();

    ApiCounters(ApiKey api) {
        this.api = api;
        this.byVersion = new LongAdder[api.highestStableVersion() + 1];
        for (int i = 0; i < byVersion.length; i++) {
            byVersion[i] = new LongAdder();
        }
    }

    /** A request is done with. */
    void done(short version, int bytesIn, long bytesOut, long nanos) {
        (version >= 0 && version < byVersion.length ? byVersion[version] : unknownVersion).increment();
        requestBytes.add(bytesIn);
        responseBytes.add(bytesOut);
        latency.record(nanos);
    }

    /** Its answer has no error. */
    void clean() {
        clean.increment();
    }

    void failed(ErrorTally tally) {
        for (int i = 0; i < tally.size(); i++) {
            errors.computeIfAbsent(ErrorCode.of(tally.code(i)), error -> new LongAdder())
                    .add(tally.count(i));
        }
    }

    void disconnected() {
        disconnected.increment();
    }

    void parked(int change) {
        parked.add(change);
    }

    ApiTraffic snapshot() {
        Map<Short, Long> versions = new TreeMap<>();
        for (short i = 0; i < byVersion.length; i++) {
            long count = byVersion[i].sum();
            if (count > 0L) {
                versions.put(i, count);
            }
        }
        long unknown = unknownVersion.sum();
        if (unknown > 0L) {
            versions.put((short) -1, unknown);
        }
        Map<ErrorCode, Long> ended = new EnumMap<>(ErrorCode.class);
        errors.forEach((error, count) -> ended.put(error, count.sum()));
        ended.merge(ErrorCode.NONE, clean.sum(), Long::sum);
        return new ApiTraffic(
                api,
                versions,
                ended,
                disconnected.sum(),
                requestBytes.sum(),
                responseBytes.sum(),
                Math.max(0L, parked.sum()),
                latency.snapshot());
    }
}
