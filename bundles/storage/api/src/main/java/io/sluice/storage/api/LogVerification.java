package io.sluice.storage.api;

import java.util.List;

/**
 * What a {@link LogVerifier} read and what it found.
 *
 * @param firstOffset where reading began
 * @param endOffset where it ended
 * @param absentOffsets how many offsets within the log have no batch, where none needs to be: compaction leaves such gaps, also in a topic
 *     that is not compacted any more and in copies of its log, and so does cutting a log from below
 * @param findings in the order of their discovery, the first {@link LogVerifier#FINDINGS_MAX} of them
 * @param findingCount how many there were
 */
public record LogVerification(
        long firstOffset,
        long endOffset,
        long batches,
        long records,
        long bytes,
        long absentOffsets,
        List<LogFinding> findings,
        long findingCount) {
    public LogVerification {
        findings = List.copyOf(findings);
    }

    public LogVerification(
            long firstOffset,
            long endOffset,
            long batches,
            long records,
            long bytes,
            List<LogFinding> findings,
            long findingCount) {
        this(firstOffset, endOffset, batches, records, bytes, 0L, findings, findingCount);
    }

    /** Whether nothing is wrong. */
    public boolean isSound() {
        return findingCount == 0L;
    }
}
