/** Streams groups (KIP-1071): their members, their topologies, and who does which task. Exports nothing. */
@NullMarked
package io.sluice.coordinator.streams;

import org.jspecify.annotations.NullMarked;
