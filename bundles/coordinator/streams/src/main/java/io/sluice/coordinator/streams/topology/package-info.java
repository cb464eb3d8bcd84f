/** What streams applications process: their topologies, and the topics that these need. */
@NullMarked
package io.sluice.coordinator.streams.topology;

import org.jspecify.annotations.NullMarked;
