package io.sluice.handlers.produce;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOutcome;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.ProducerTransactions.Admission;
import io.sluice.broker.api.ProducerTransactions.Claim;
import io.sluice.protocol.record.RecordBatchFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one produce that belong to a transaction (KIP-890). Each is appended under a guard; where the log does not know that the transaction
 * goes on, its coordinator is asked first: to add the partition to it, or by older clients, which have added it, to verify that.
 */
final class TransactionalEntries {
    /** From here on the partition is added by writing to it. */
    private static final short FIRST_VERSION_THAT_ADDS = 12;

    /** From here on a client knows {@code TRANSACTION_ABORTABLE}. */
    private static final short FIRST_VERSION_WITH_ABORTABLE = 11;

    private final List<AppendEntry> entries;
    private final @Nullable AppendOutcome[] refused;
    private final short version;
    private final Map<TopicPartition, Long> asked = new HashMap<>();

    /**
     * @param entries which get their guards, and lose what is refused
     * @param refused by the place in the request; what is null there is in the entries, in the same order
     */
    TransactionalEntries(List<AppendEntry> entries, @Nullable AppendOutcome[] refused, short version) {
        this.entries = entries;
        this.refused = refused;
        this.version = version;
    }

    static boolean isTransactional(ByteBuffer batches) {
        int at = batches.position();
        return batches.remaining() >= RecordBatchFormat.HEADER_BYTES
                && batches.get(at + RecordBatchFormat.MAGIC) == RecordBatchFormat.MAGIC_V2
                && (batches.getShort(at + RecordBatchFormat.ATTRIBUTES) & RecordBatchFormat.TRANSACTIONAL_MASK) != 0;
    }

    /** A batch that says it is transactional and has no producer begins nothing: it is appended as it is. */
    private static boolean isGuarded(AppendEntry entry) {
        return isTransactional(entry.batches()) && producerId(entry) > RecordBatchFormat.NO_PRODUCER_ID;
    }

    private static long producerId(AppendEntry entry) {
        return entry.batches().getLong(entry.batches().position() + RecordBatchFormat.PRODUCER_ID);
    }

    private static short producerEpoch(AppendEntry entry) {
        return entry.batches().getShort(entry.batches().position() + RecordBatchFormat.PRODUCER_EPOCH);
    }

    private static int baseSequence(AppendEntry entry) {
        return entry.batches().getInt(entry.batches().position() + RecordBatchFormat.BASE_SEQUENCE);
    }

    /**
     * Sets the guards.
     *
     * @return what the coordinator must be asked before the entries are appended; null when nothing
     */
    @Nullable
    Claim guard(Partitions partitions, @Nullable String transactionalId) {
        List<TopicPartition> open = new ArrayList<>(entries.size());
        AppendEntry first = null;
        for (int i = 0; i < entries.size(); i++) {
            AppendEntry entry = entries.get(i);
            if (!isGuarded(entry)) {
                continue;
            }
            if (first != null
                    && (producerId(entry) != producerId(first) || producerEpoch(entry) != producerEpoch(first))) {
                refuseAll(
                        ErrorCode.INVALID_PRODUCER_ID_MAPPING,
                        "Transactional records contained more than one producer");
                return null;
            }
            first = entry;
            long guard = partitions.transactionGuard(
                    entry.partition(), producerId(entry), producerEpoch(entry), baseSequence(entry));
            entries.set(i, entry.guardedBy(guard));
            if (guard >= 0L) {
                open.add(entry.partition());
                asked.put(entry.partition(), guard);
            }
        }
        return first == null || open.isEmpty() || transactionalId == null
                ? null
                : new Claim(transactionalId, producerId(first), producerEpoch(first), open, admission());
    }

    private Admission admission() {
        if (version >= FIRST_VERSION_THAT_ADDS) {
            return Admission.ADD;
        }
        return version >= FIRST_VERSION_WITH_ABORTABLE ? Admission.VERIFY_ABORTABLE : Admission.VERIFY;
    }

    /** The guards that were given before the coordinator was asked: JDK and API types, to be kept. */
    Map<TopicPartition, Long> guards() {
        return asked;
    }

    /** The coordinator has answered: what it does not admit is refused, the rest is guarded since before it was asked. */
    void admitted(Map<TopicPartition, Long> guards, Map<TopicPartition, ErrorCode> outcomes) {
        int place = 0;
        List<AppendEntry> kept = new ArrayList<>(entries.size());
        for (AppendEntry entry : entries) {
            while (refused[place] != null) {
                place++;
            }
            ErrorCode error =
                    isGuarded(entry) ? outcomes.getOrDefault(entry.partition(), ErrorCode.NONE) : ErrorCode.NONE;
            if (error == ErrorCode.NONE) {
                kept.add(isGuarded(entry) ? guarded(entry, guards) : entry);
            } else {
                refused[place] = told(error);
            }
            place++;
        }
        entries.clear();
        entries.addAll(kept);
    }

    /** A client that adds by writing begins each transaction with sequence number 0, in every partition that it has not written to before. */
    private AppendEntry guarded(AppendEntry entry, Map<TopicPartition, Long> guards) {
        long guard = guards.getOrDefault(entry.partition(), AppendEntry.ONGOING);
        return version >= FIRST_VERSION_THAT_ADDS ? entry.guardedFromFirst(guard) : entry.guardedBy(guard);
    }

    /** No transactional record of this request is appended. */
    void refuseTransactional(ErrorCode error, String message) {
        Map<TopicPartition, ErrorCode> outcomes = new HashMap<>();
        entries.forEach(entry -> outcomes.put(entry.partition(), error));
        admitted(Map.of(), outcomes);
        for (int i = 0; i < refused.length; i++) {
            AppendOutcome outcome = refused[i];
            if (outcome != null && outcome.error() == error) {
                refused[i] = AppendOutcome.refused(error, message);
            }
        }
    }

    private void refuseAll(ErrorCode error, String message) {
        for (int i = 0; i < refused.length; i++) {
            if (refused[i] == null) {
                refused[i] = AppendOutcome.refused(error, message);
            }
        }
        entries.clear();
    }

    /** What passes by itself is told in a way that makes producers of all ages send again without looking for another leader. */
    private AppendOutcome told(ErrorCode error) {
        return switch (error) {
            case CONCURRENT_TRANSACTIONS ->
                version >= FIRST_VERSION_THAT_ADDS ? AppendOutcome.refused(error, null) : notVerified(error);
            case NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NETWORK_EXCEPTION ->
                notVerified(error);
            case INVALID_TXN_STATE -> AppendOutcome.refused(error, "Partition was not added to the transaction");
            default -> AppendOutcome.refused(error, null);
        };
    }

    private static AppendOutcome notVerified(ErrorCode why) {
        return AppendOutcome.refused(
                ErrorCode.NOT_ENOUGH_REPLICAS,
                "Unable to verify the partition has been added to the transaction. Underlying error: " + why);
    }
}
