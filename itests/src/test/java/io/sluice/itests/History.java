package io.sluice.itests;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** What clients did to a topic in transactions, and what they saw of it. Written by any thread; looked at when all have ended. */
final class History {
    /** What is known of how a transaction ended. */
    enum End {
        COMMITTED,
        ABORTED,
        UNKNOWN
    }

    /**
     * What is in a record: no two writes have the same.
     *
     * @param order the order that it answers; -1 for none
     */
    record Value(long transaction, int number, long amount, long order) {
        static Value parse(String text) {
            String[] parts = text.split(":");
            return new Value(
                    Long.parseLong(parts[0]),
                    Integer.parseInt(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]));
        }

        String text() {
            return transaction + ":" + number + ":" + amount + ":" + order;
        }
    }

    /** @param offset what the broker said; -1 when it said nothing */
    record Write(int partition, long offset, Value value) {}

    /**
     * @param reader who keeps his place in the partition from one poll to the next
     * @param committed whether only what is committed is read
     */
    record Read(String reader, boolean committed, int partition, long offset, Value value) {}

    private final AtomicLong transactions = new AtomicLong();
    private final Map<Long, End> ends = new ConcurrentHashMap<>();
    private final Queue<Write> writes = new ConcurrentLinkedQueue<>();
    private final Queue<Read> reads = new ConcurrentLinkedQueue<>();
    private final Map<Integer, TreeMap<Long, Value>> log = new TreeMap<>();
    private long orders;

    /** A transaction begins; nothing is known of its end. */
    long begin() {
        long transaction = transactions.incrementAndGet();
        ends.put(transaction, End.UNKNOWN);
        return transaction;
    }

    void end(long transaction, End end) {
        ends.put(transaction, end);
    }

    void wrote(Write write) {
        writes.add(write);
    }

    void read(Read read) {
        reads.add(read);
    }

    /** What a reader of committed records finds when everything has ended. */
    void logged(int partition, long offset, Value value) {
        log.computeIfAbsent(partition, index -> new TreeMap<>()).put(offset, value);
    }

    /** Orders 0 to this one, exclusive, were there to be answered. */
    void ordered(long count) {
        orders = count;
    }

    long orders() {
        return orders;
    }

    Map<Long, End> ends() {
        return ends;
    }

    List<Write> writes() {
        return new ArrayList<>(writes);
    }

    List<Read> reads() {
        return new ArrayList<>(reads);
    }

    Map<Integer, TreeMap<Long, Value>> log() {
        return log;
    }

    long count(End end) {
        return ends.values().stream().filter(one -> one == end).count();
    }
}
