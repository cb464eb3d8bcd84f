package io.sluice.coordinator.group.consumer;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * For which groups the topics of regular expressions are being looked up: one member's heartbeat brings them at a time, and the others go on without. A
 * heartbeat that does not come back is given up after a while. For one state machine.
 */
final class RegexLookups {
    /** As long as a heartbeat waits for its topics at most. */
    static final long PATIENCE_MS = 30_000L;

    private final Map<String, Long> begunMs = new LinkedHashMap<>();

    /** False while somebody else is at it. */
    boolean begin(String groupId, long nowMs) {
        Iterator<Long> oldest = begunMs.values().iterator();
        while (oldest.hasNext() && nowMs - oldest.next() >= PATIENCE_MS) {
            oldest.remove();
        }
        return begunMs.putIfAbsent(groupId, nowMs) == null;
    }

    void end(String groupId) {
        begunMs.remove(groupId);
    }
}
