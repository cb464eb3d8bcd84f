package io.sluice.storage.api;

/**
 * What keeps a transactional producer's records from beginning a transaction in a log that nobody would end (KIP-890): the end that the log had before
 * the transaction's coordinator was asked, or one of these values. Records that begin a transaction are appended only if no marker of their producer
 * lies at or above that offset.
 */
public final class TransactionGuard {
    /** The records are appended whether or not their transaction is known to go on. */
    public static final long NONE = -2L;

    /** The records are appended only to a transaction that has records in the log already. */
    public static final long ONGOING = -1L;

    private TransactionGuard() {}
}
