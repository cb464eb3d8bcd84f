package io.sluice.coordinator.txn.state;

import io.sluice.base.TopicPartition;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A transactional id with what need not be remembered: the markers that are being written, and who waits for the end of that. */
final class Transaction {
    private static final long NONE = -1L;

    /** A request that goes on when the transaction is complete. */
    record Waiting(Reply<?> reply, Consumer<Turn<TransactionRecord>> goOn) {}

    private final String id;
    private final List<Waiting> waiting = new ArrayList<>(0);
    private final Set<TopicPartition> missing = new HashSet<>();
    private TransactionMetadata metadata;
    private long ending = NONE;

    Transaction(String id, TransactionMetadata metadata) {
        this.id = id;
        this.metadata = metadata;
    }

    String id() {
        return id;
    }

    TransactionMetadata metadata() {
        return metadata;
    }

    ProducerIdentity producer() {
        return metadata.producer();
    }

    TransactionState state() {
        return metadata.state();
    }

    void replay(TransactionMetadata next) {
        metadata = next;
    }

    /** Markers are to be written to all partitions. */
    void beginEnding(long token) {
        ending = token;
        missing.clear();
        missing.addAll(metadata.partitions());
    }

    /** True while the markers of this end, and no other, are being written. */
    boolean isEnding(long token) {
        return ending == token && state().isPrepared();
    }

    /** @return true when no marker is missing any more */
    boolean hasMarkers(Collection<TopicPartition> written) {
        written.forEach(missing::remove);
        return missing.isEmpty();
    }

    void ended() {
        ending = NONE;
        missing.clear();
    }

    /** What belongs to the transaction and has no marker yet, as far as is known. */
    Set<TopicPartition> openPartitions() {
        return state().isPrepared() && ending != NONE ? missing : metadata.partitions();
    }

    /** @return true when it is the first that waits */
    boolean await(Waiting one) {
        waiting.add(one);
        return waiting.size() == 1;
    }

    List<Waiting> takeWaiting() {
        List<Waiting> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }
}
