/** The state of transactions in one partition of {@code __transaction_state}, what changes it, and the records that it is kept in. */
@NullMarked
package io.sluice.coordinator.txn.state;

import org.jspecify.annotations.NullMarked;
