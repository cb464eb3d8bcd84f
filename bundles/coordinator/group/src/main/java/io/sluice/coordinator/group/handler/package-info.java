/** The request handlers of the group coordinator, one for each API. */
@NullMarked
package io.sluice.coordinator.group.handler;

import org.jspecify.annotations.NullMarked;
