package io.sluice.coordinator.share.partition;

import io.sluice.protocol.Records;
import java.util.List;

/**
 * What a consumer gets of a partition.
 *
 * @param records the batches that the ranges lie in, owned by the receiver
 */
public record Delivery(Records records, List<AcquiredRange> acquired) {
    public static final Delivery NOTHING = new Delivery(Records.EMPTY, List.of());

    public Delivery {
        acquired = List.copyOf(acquired);
    }
}
