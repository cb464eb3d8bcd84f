/** The request handlers of streams groups, one class for each API key. */
@NullMarked
package io.sluice.coordinator.streams.handler;

import org.jspecify.annotations.NullMarked;
