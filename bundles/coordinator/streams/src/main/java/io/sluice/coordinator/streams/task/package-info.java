/** Tasks of streams applications, and sets of them. */
@NullMarked
package io.sluice.coordinator.streams.task;

import org.jspecify.annotations.NullMarked;
