/** Groups of the classic protocol: members, generations, rebalances. */
@NullMarked
package io.sluice.coordinator.group.classic;

import org.jspecify.annotations.NullMarked;
