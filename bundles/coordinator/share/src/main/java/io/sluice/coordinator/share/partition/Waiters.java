package io.sluice.coordinator.share.partition;

import io.sluice.request.api.Wakeup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parked fetches of a share partition, one of each member. Guarded by the share partition. */
final class Waiters {
    private final Map<String, Wakeup> forRecords = new HashMap<>();
    private final Map<String, Wakeup> behindFetch = new HashMap<>();
    private long events;

    /** How often there was something new for everybody. */
    long eventCount() {
        return events;
    }

    /** @param behind whether it waits for nothing but the end of another member's fetch, as far as is known */
    void add(String member, Wakeup wakeup, boolean behind) {
        remove(member);
        (behind ? behindFetch : forRecords).put(member, wakeup);
    }

    void remove(String member) {
        forRecords.remove(member);
        behindFetch.remove(member);
    }

    void wakeBehindFetch(List<Runnable> after) {
        drain(behindFetch, after);
    }

    void wakeAll(List<Runnable> after) {
        events++;
        drain(forRecords, after);
        drain(behindFetch, after);
    }

    private static void drain(Map<String, Wakeup> waiting, List<Runnable> after) {
        waiting.values().forEach(wakeup -> after.add(wakeup::fire));
        waiting.clear();
    }
}
