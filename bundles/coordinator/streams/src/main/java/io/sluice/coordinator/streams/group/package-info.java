/** Streams groups and their members, as records of {@code __consumer_offsets}. */
@NullMarked
package io.sluice.coordinator.streams.group;

import org.jspecify.annotations.NullMarked;
