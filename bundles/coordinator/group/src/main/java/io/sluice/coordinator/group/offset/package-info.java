/** Committed offsets of groups of every type. */
@NullMarked
package io.sluice.coordinator.group.offset;

import org.jspecify.annotations.NullMarked;
