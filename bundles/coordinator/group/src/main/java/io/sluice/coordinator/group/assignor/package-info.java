/** Who gets which partitions in a group of the consumer protocol. Pure computations, with no state. */
@NullMarked
package io.sluice.coordinator.group.assignor;

import org.jspecify.annotations.NullMarked;
