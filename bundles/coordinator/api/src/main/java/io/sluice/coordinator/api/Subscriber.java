package io.sluice.coordinator.api;

import io.sluice.base.Uuid;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A member of a consumer group as assignors see it.
 *
 * @param instanceId of a static member; else null
 * @param rackId where it runs; null when it did not say
 * @param topics that it subscribes to and that exist
 * @param held what its target has been so far
 */
public record Subscriber(
        String memberId,
        @Nullable String instanceId,
        @Nullable String rackId,
        Set<Uuid> topics,
        Set<PartitionId> held) {}
