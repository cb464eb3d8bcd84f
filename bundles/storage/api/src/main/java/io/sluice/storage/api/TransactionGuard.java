package io.sluice.storage.api;

/**
 * What keeps a transactional producer's records from beginning a transaction in a log that nobody would end (KIP-890): the end that the log had before
 * the transaction's coordinator was asked, or one of these values. Records that begin a transaction are appended only if no marker of their producer
 * lies at or above that offset. A guard is an opaque number to those who carry it.
 */
public final class TransactionGuard {
    /** The records are appended whether or not their transaction is known to go on. */
    public static final long NONE = -2L;

    /** The records are appended only to a transaction that has records in the log already. */
    public static final long ONGOING = -1L;

    private static final long FROM_FIRST = 1L << 62;

    private TransactionGuard() {}

    /**
     * The same guard for a producer whose sequence numbers begin anew with each transaction (KIP-890 part 2): if the log knows nothing of it, only its
     * first records may come. Others have overtaken some that were refused, and come again after them.
     */
    public static long fromFirst(long guard) {
        return guard < 0L ? guard : guard | FROM_FIRST;
    }

    static boolean isFromFirst(long guard) {
        return guard >= FROM_FIRST;
    }

    /** The log's end that the guard stands for; one of the values above stays what it is. */
    static long offset(long guard) {
        return isFromFirst(guard) ? guard & ~FROM_FIRST : guard;
    }
}
