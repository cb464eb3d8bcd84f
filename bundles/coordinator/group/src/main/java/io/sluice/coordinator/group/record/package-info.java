/** The records of {@code __consumer_offsets}, in Kafka's schemas. */
@NullMarked
package io.sluice.coordinator.group.record;

import org.jspecify.annotations.NullMarked;
