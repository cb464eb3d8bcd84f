package io.sluice.itests;

import io.sluice.itests.History.End;
import io.sluice.itests.History.Read;
import io.sluice.itests.History.Value;
import io.sluice.itests.History.Write;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Looks for what cannot be in a {@link History} of exactly-once transactions, and says what it has found of each kind. */
final class HistoryChecker {
    enum Anomaly {
        /** Two values under one offset of a partition. */
        INCONSISTENT_OFFSETS,
        /** One value under two offsets, or an order that two transactions answer. */
        DUPLICATE,
        /** What a transaction wrote that is known to be committed, or that others of its writes show to be, is not there. */
        LOST_WRITE,
        /** A reader of committed records saw what is known to be aborted, or is not in the log in the end. */
        ABORTED_READ,
        /** A reader was given an offset again, or a lower one. */
        NON_MONOTONIC_POLL,
        /** A reader was given what lies behind a committed record before it. */
        SKIPPED_OFFSET,
        /** Transfers that do not sum to zero. */
        UNBALANCED,
        /** The offsets of a group went on over an order that nobody answered. */
        LOST_ORDER
    }

    private record Place(int partition, long offset) {}

    private final History history;
    private final Map<Anomaly, List<String>> found = new EnumMap<>(Anomaly.class);

    private HistoryChecker(History history) {
        this.history = history;
    }

    /** Empty when there is nothing wrong. */
    static Map<Anomaly, List<String>> check(History history) {
        HistoryChecker checker = new HistoryChecker(history);
        checker.offsets();
        checker.transactions();
        checker.readers();
        checker.balance();
        checker.orders();
        return checker.found;
    }

    private void report(Anomaly anomaly, String what) {
        found.computeIfAbsent(anomaly, kind -> new ArrayList<>()).add(what);
    }

    private void offsets() {
        Map<Place, Value> values = new HashMap<>();
        Map<Value, Place> places = new HashMap<>();
        history.log()
                .forEach((partition, log) -> log.forEach((offset, value) -> {
                    values.put(new Place(partition, offset), value);
                    Place before = places.put(value, new Place(partition, offset));
                    if (before != null) {
                        report(Anomaly.DUPLICATE, value + " at " + before + " and at " + partition + "/" + offset);
                    }
                }));
        for (Write write : history.writes()) {
            if (write.offset() >= 0) {
                same(values, new Place(write.partition(), write.offset()), write.value());
            }
        }
        for (Read read : history.reads()) {
            same(values, new Place(read.partition(), read.offset()), read.value());
        }
    }

    private void same(Map<Place, Value> values, Place place, Value value) {
        Value before = values.putIfAbsent(place, value);
        if (before != null && !before.equals(value)) {
            report(Anomaly.INCONSISTENT_OFFSETS, place + ": " + before + " and " + value);
        }
    }

    private Set<Value> logged() {
        Set<Value> all = new HashSet<>();
        history.log().values().forEach(log -> all.addAll(log.values()));
        return all;
    }

    private void transactions() {
        Set<Value> logged = logged();
        Set<Long> seen = new HashSet<>();
        for (Value value : logged) {
            seen.add(value.transaction());
            if (history.ends().get(value.transaction()) == End.ABORTED) {
                report(Anomaly.ABORTED_READ, value + " is in the log and its transaction was aborted");
            }
        }
        for (Write write : history.writes()) {
            long transaction = write.value().transaction();
            boolean committed = history.ends().get(transaction) == End.COMMITTED || seen.contains(transaction);
            if (committed && !logged.contains(write.value())) {
                report(Anomaly.LOST_WRITE, write + " is not in the log");
            }
        }
        for (Read read : history.reads()) {
            if (read.committed() && !logged.contains(read.value())) {
                report(Anomaly.ABORTED_READ, read + " is not in the log");
            }
        }
    }

    private void readers() {
        Map<String, Long> positions = new HashMap<>();
        for (Read read : history.reads()) {
            String place = read.reader() + "/" + read.partition();
            long last = positions.getOrDefault(place, -1L);
            positions.put(place, read.offset());
            if (read.offset() <= last) {
                report(Anomaly.NON_MONOTONIC_POLL, read + " came after " + last);
                continue;
            }
            TreeMap<Long, Value> log = history.log().getOrDefault(read.partition(), new TreeMap<>());
            if (!log.subMap(last, false, read.offset(), false).isEmpty()) {
                report(Anomaly.SKIPPED_OFFSET, read + " came after " + last + ", and more lies between");
            }
        }
    }

    private void balance() {
        long sum = logged().stream().mapToLong(Value::amount).sum();
        if (sum != 0L) {
            report(Anomaly.UNBALANCED, "the sum is " + sum);
        }
    }

    private void orders() {
        Map<Long, Long> answers = new HashMap<>();
        for (Value value : logged()) {
            if (value.order() >= 0L) {
                Long other = answers.put(value.order(), value.transaction());
                if (other != null && other != value.transaction()) {
                    report(Anomaly.DUPLICATE, "order " + value.order() + " in " + other + " and " + value);
                }
            }
        }
        for (long order = 0L; order < history.orders(); order++) {
            if (!answers.containsKey(order)) {
                report(Anomaly.LOST_ORDER, "order " + order);
            }
        }
    }
}
