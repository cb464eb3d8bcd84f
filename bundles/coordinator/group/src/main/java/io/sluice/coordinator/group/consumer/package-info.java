/** Groups of the consumer protocol (KIP-848). */
@NullMarked
package io.sluice.coordinator.group.consumer;

import org.jspecify.annotations.NullMarked;
