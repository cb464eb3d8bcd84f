package io.sluice.storage.api;

import java.util.ArrayList;
import java.util.List;

/** Collects findings up to a bound, and counts the rest. For one thread. */
final class LogFindings {
    private final List<LogFinding> kept = new ArrayList<>();
    private long count;

    void add(long offset, String where, String problem) {
        add(new LogFinding(offset, where, problem));
    }

    void add(LogFinding finding) {
        count++;
        if (kept.size() < LogVerifier.FINDINGS_MAX) {
            kept.add(finding);
        }
    }

    List<LogFinding> kept() {
        return kept;
    }

    long count() {
        return count;
    }
}
