package io.sluice.coordinator.group.assignor;

import io.sluice.base.Uuid;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A member as assignors see it.
 *
 * @param topics that it subscribes to and that exist
 * @param held what its target has been so far
 */
public record Subscriber(String memberId, @Nullable String instanceId, Set<Uuid> topics, Set<PartitionId> held) {}
