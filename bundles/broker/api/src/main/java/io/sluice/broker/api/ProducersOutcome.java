package io.sluice.broker.api;

import io.sluice.base.ErrorCode;
import io.sluice.storage.api.ProducerStatus;
import java.util.List;

/** An answer of DescribeProducers for one partition; no producers with an error. */
public record ProducersOutcome(ErrorCode error, List<ProducerStatus> producers) {
    public ProducersOutcome {
        producers = List.copyOf(producers);
    }

    public static ProducersOutcome refused(ErrorCode error) {
        return new ProducersOutcome(error, List.of());
    }
}
