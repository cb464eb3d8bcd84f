package io.sluice.coordinator.txn.state;

import org.jspecify.annotations.Nullable;

/**
 * One record of {@code __transaction_state}.
 *
 * @param metadata null when the transactional id is forgotten
 */
public record TransactionRecord(
        String transactionalId, @Nullable TransactionMetadata metadata) {}
