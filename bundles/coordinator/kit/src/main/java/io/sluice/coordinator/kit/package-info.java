/** A broker's threads, clock and partitions in simulation, for tests of coordinators that can be repeated from a seed. */
@NullMarked
package io.sluice.coordinator.kit;

import org.jspecify.annotations.NullMarked;
