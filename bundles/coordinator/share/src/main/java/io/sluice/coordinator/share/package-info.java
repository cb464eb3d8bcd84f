/** Share groups (KIP-932): their state, their members, and the records that are out with them. Exports nothing. */
@NullMarked
package io.sluice.coordinator.share;

import org.jspecify.annotations.NullMarked;
