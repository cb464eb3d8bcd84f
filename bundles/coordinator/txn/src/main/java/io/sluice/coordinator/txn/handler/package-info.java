/** The request handlers of the transaction coordinator, one for each API key. */
@NullMarked
package io.sluice.coordinator.txn.handler;

import org.jspecify.annotations.NullMarked;
