/** The group coordinator: classic groups and committed offsets, over the coordinator runtime. */
@NullMarked
package io.sluice.coordinator.group;

import org.jspecify.annotations.NullMarked;
