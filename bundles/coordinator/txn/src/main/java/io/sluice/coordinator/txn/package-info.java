/** The transaction coordinator (KIP-98, KIP-360, KIP-890), over the coordinator runtime. */
@NullMarked
package io.sluice.coordinator.txn;

import org.jspecify.annotations.NullMarked;
