package io.sluice.handlers.telemetry;

import io.sluice.base.Uuid;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The clients that came lately. Bounded: when it is full, the one that did not come for the longest time is forgotten, which costs that
 * client nothing but that it may come too early once. One that stays away for three of its intervals, and a minute at least, is
 * forgotten too. Any thread.
 */
final class ClientInstances {
    static final int MAX = 16_384;

    private static final long LEAST_KEPT_MS = 60_000L;
    private static final int KEPT_INTERVALS = 3;

    private final LinkedHashMap<Uuid, Seen> instances = new LinkedHashMap<>(16, 0.75f, true);

    private record Seen(ClientInstance instance, long untilMs) {}

    synchronized @Nullable ClientInstance find(Uuid id, long nowMs) {
        forgetLate(nowMs);
        Seen seen = instances.get(id);
        if (seen == null || seen.untilMs <= nowMs) {
            return null;
        }
        return seen.instance;
    }

    /** The client came now, for the first time or again. */
    synchronized void keep(Uuid id, ClientInstance instance, long nowMs) {
        long keptMs = Math.max(
                LEAST_KEPT_MS, (long) KEPT_INTERVALS * instance.assignment().intervalMs());
        instances.put(id, new Seen(instance, nowMs + keptMs));
        if (instances.size() > MAX) {
            Iterator<Uuid> eldest = instances.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    synchronized int size() {
        return instances.size();
    }

    /** Those at the front that are late; a client with a long interval may keep others behind it for a while. */
    private void forgetLate(long nowMs) {
        Iterator<Map.Entry<Uuid, Seen>> eldest = instances.entrySet().iterator();
        while (eldest.hasNext() && eldest.next().getValue().untilMs <= nowMs) {
            eldest.remove();
        }
    }
}
