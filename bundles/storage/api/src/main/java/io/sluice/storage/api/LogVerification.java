package io.sluice.storage.api;

import java.util.List;

/**
 * What a {@link LogVerifier} read and what it found.
 *
 * @param firstOffset where reading began
 * @param endOffset where it ended
 * @param findings in the order of their discovery, the first {@link LogVerifier#FINDINGS_MAX} of them
 * @param findingCount how many there were
 */
public record LogVerification(
        long firstOffset,
        long endOffset,
        long batches,
        long records,
        long bytes,
        List<LogFinding> findings,
        long findingCount) {
    public LogVerification {
        findings = List.copyOf(findings);
    }

    /** Whether nothing is wrong. */
    public boolean isSound() {
        return findingCount == 0L;
    }
}
