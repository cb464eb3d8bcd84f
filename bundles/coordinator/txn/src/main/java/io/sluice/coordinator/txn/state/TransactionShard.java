package io.sluice.coordinator.txn.state;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.StateMachine;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.coordinator.txn.marker.MarkerWriter;
import io.sluice.protocol.message.DescribeTransactionsResponse;
import io.sluice.protocol.message.EndTxnRequest;
import io.sluice.protocol.message.InitProducerIdRequest;
import io.sluice.protocol.message.ListTransactionsResponse;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The transaction coordinator's state of one partition of {@code __transaction_state}. */
public final class TransactionShard implements StateMachine<TransactionRecord> {
    /** What the state has to work with besides its timers. */
    public interface Surroundings {
        MarkerWriter markers();

        /** The leader epoch of the partition. */
        int coordinatorEpoch();

        /** Sees to it that {@link TransactionShard#markersWritten} is called in a turn, as long as this state is in use. */
        void markersWritten(String transactionalId, long token, Collection<TopicPartition> partitions);

        /** Sees to it that {@link TransactionShard#abortOverdue} is called in a turn, unless there is no producer id to be had. */
        void wantsId(String transactionalId);
    }

    private final TransactionTable table = new TransactionTable();
    private final Waiters waiters;
    private final MarkerProgress markers;
    private final Initialisations initialisations;
    private final Additions additions;
    private final Endings endings;
    private final Upkeep upkeep;
    private final TransactionListing listing;

    /** @param tokens numbers of which none comes twice as long as the process runs */
    public TransactionShard(
            Timers<TransactionRecord> timers,
            Surroundings surroundings,
            LongSupplier tokens,
            Supplier<TransactionLimits> limits) {
        this.waiters = new Waiters(timers);
        this.markers = new MarkerProgress(
                table,
                waiters,
                surroundings.markers(),
                surroundings::markersWritten,
                tokens,
                surroundings.coordinatorEpoch());
        this.endings = new Endings(table, markers, waiters);
        this.initialisations = new Initialisations(table, endings, waiters);
        this.additions = new Additions(table, waiters);
        this.upkeep = new Upkeep(table, endings, timers, limits, surroundings::wantsId);
        this.listing = new TransactionListing(table);
    }

    @Override
    public void replay(TransactionRecord record) {
        table.replay(record);
    }

    @Override
    public void loaded(Turn<TransactionRecord> turn) {
        markers.loaded(turn);
        upkeep.begin();
    }

    @Override
    public void unloaded(ErrorCode error) {
        markers.unload();
        table.all().forEach(transaction -> waiters.refuse(transaction, error));
    }

    /** InitProducerId with a transactional id. @param spareId a producer id that nobody has, or -1 */
    public void init(
            Turn<TransactionRecord> turn, InitProducerIdRequest asked, long spareId, Reply<IdentityOutcome> reply) {
        initialisations.init(turn, asked, spareId, reply);
    }

    /** Adds partitions to a producer's transaction. */
    public void add(
            Turn<TransactionRecord> turn,
            ProducerClaim claim,
            Collection<TopicPartition> partitions,
            short version,
            Reply<ErrorCode> reply) {
        additions.add(turn, claim, partitions, version, reply);
    }

    /** Asks whether partitions are in a producer's transaction; one answer for each. */
    public void verify(
            Turn<TransactionRecord> turn,
            ProducerClaim claim,
            List<TopicPartition> partitions,
            Reply<List<ErrorCode>> reply) {
        additions.verify(turn, claim, partitions, reply);
    }

    /** EndTxn. @param spareId a producer id that nobody has, or -1 */
    public void end(
            Turn<TransactionRecord> turn,
            EndTxnRequest asked,
            short version,
            long spareId,
            Reply<IdentityOutcome> reply) {
        endings.end(turn, asked, version, spareId, reply);
    }

    /** Markers have been written, or are not needed. */
    public void markersWritten(
            Turn<TransactionRecord> turn, String transactionalId, long token, Collection<TopicPartition> partitions) {
        markers.written(turn, transactionalId, token, partitions);
    }

    /** A transaction that takes too long is aborted, if it is still open. @param spareId a producer id that nobody has */
    public void abortOverdue(Turn<TransactionRecord> turn, String transactionalId, long spareId) {
        upkeep.abort(turn, transactionalId, spareId);
    }

    public DescribeTransactionsResponse.TransactionState describe(String transactionalId) {
        return listing.describe(transactionalId);
    }

    public List<ListTransactionsResponse.TransactionState> list(ListFilter filter, long nowMs) {
        return listing.list(filter, nowMs);
    }
}
