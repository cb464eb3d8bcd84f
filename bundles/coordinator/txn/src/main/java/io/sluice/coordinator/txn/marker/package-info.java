/** How the end of a transaction gets into the partitions that it wrote to. */
@NullMarked
package io.sluice.coordinator.txn.marker;

import org.jspecify.annotations.NullMarked;
