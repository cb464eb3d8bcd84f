package io.sluice.coordinator.txn.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The transactional ids of one partition of {@code __transaction_state}. Changed by {@link #replay} alone. */
final class TransactionTable {
    private final Map<String, Transaction> byId = new LinkedHashMap<>();

    void replay(TransactionRecord record) {
        TransactionMetadata metadata = record.metadata();
        Transaction known = byId.get(record.transactionalId());
        if (metadata == null) {
            byId.remove(record.transactionalId());
        } else if (known == null) {
            byId.put(record.transactionalId(), new Transaction(record.transactionalId(), metadata));
        } else {
            known.replay(metadata);
        }
    }

    @Nullable
    Transaction find(String transactionalId) {
        return byId.get(transactionalId);
    }

    Collection<Transaction> all() {
        return byId.values();
    }

    /** The same, to be gone through while the table changes. */
    List<Transaction> copyOfAll() {
        return new ArrayList<>(byId.values());
    }
}
