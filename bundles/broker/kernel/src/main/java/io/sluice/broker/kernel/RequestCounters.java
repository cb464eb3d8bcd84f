package io.sluice.broker.kernel;

import io.sluice.broker.api.metrics.ApiTraffic;
import io.sluice.protocol.ApiKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The counters of each API that was asked for; one that nobody uses has none. Any thread, no lock. */
final class RequestCounters {
    private final AtomicReferenceArray<ApiCounters> counters = new AtomicReferenceArray<>(ApiKey.values().length);

    ApiCounters of(ApiKey api) {
        ApiCounters present = counters.get(api.ordinal());
        if (present != null) {
            return present;
        }
        counters.compareAndSet(api.ordinal(), null, new ApiCounters(api));
        return counters.get(api.ordinal());
    }

    List<ApiTraffic> snapshot() {
        List<ApiTraffic> all = new ArrayList<>();
        for (int i = 0; i < counters.length(); i++) {
            ApiCounters present = counters.get(i);
            if (present != null) {
                all.add(present.snapshot());
            }
        }
        return all;
    }
}
