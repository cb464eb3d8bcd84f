package io.sluice.broker.kernel;

import io.sluice.storage.api.LogDamage;
import io.sluice.storage.api.LogVerification;
import io.sluice.storage.api.LogVerifier;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.ReadPace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator has done with the log of a partition, while it is written and read: it is looked through, copied elsewhere, and
 * one side of a damaged range is given up. Methods take as long as reading a log does, on the caller's thread; each throws an
 * {@code IOException} with a sentence for people when there is no log.
 */
final class PartitionUpkeep {
    private final Partition partition;
    private final PartitionState state;

    PartitionUpkeep(Partition partition, PartitionState state) {
        this.partition = partition;
        this.state = state;
    }

    private PartitionLog borrow() throws IOException {
        PartitionLog log = state.borrow();
        if (log == null) {
            String why = state.offlineReason();
            throw new IOException(partition.id()
                    + (why == null
                            ? ": its storage engine " + partition.engine() + " is not open"
                            : " is offline: " + why));
        }
        return log;
    }

    List<LogDamage> damage() throws IOException {
        PartitionLog log = borrow();
        try {
            return log.damage();
        } finally {
            state.giveBack();
        }
    }

    /** In one sentence; null for none. */
    static @Nullable String describe(List<LogDamage> damage) {
        if (damage.isEmpty()) {
            return null;
        }
        String more = damage.size() == 1 ? "" : ", and " + (damage.size() - 1) + " more ranges are";
        return damage.get(0).describe() + more + "; nothing is appended, and the rest can be read";
    }

    /** Reads all of the log; ends early when the log is to be taken away, as for an update of its engine. */
    LogVerification verify(ReadPace pace) throws IOException {
        PartitionLog log = borrow();
        try {
            return new LogVerifier(whileOpen(log, pace)).verify(log);
        } finally {
            state.giveBack();
        }
    }

    /** Copies what is committed into a directory elsewhere; ends early like {@link #verify}. */
    long backup(LogTransfer transfer, Path directory, ReadPace pace) throws IOException {
        PartitionLog log = borrow();
        try {
            long end = log.lastStableOffset(state.highWatermark());
            transfer.backup(partition, log, end, directory, whileOpen(log, pace));
            return end;
        } finally {
            state.giveBack();
        }
    }

    private ReadPace whileOpen(PartitionLog log, ReadPace pace) {
        return bytes -> {
            pace.read(bytes);
            if (state.log() != log) {
                throw new IOException("the log of " + partition.id() + " was closed meanwhile; try again");
            }
        };
    }

    /** Gives up what lies below the last damaged range. */
    long startBehindDamage() throws IOException {
        PartitionLog log = borrow();
        try {
            state.takeWriting();
            try {
                List<LogDamage> damage = log.damage();
                if (!damage.isEmpty()) {
                    log.advanceLogStart(damage.get(damage.size() - 1).nextOffset());
                    state.startsAt(log.logStartOffset());
                }
                return log.logStartOffset();
            } finally {
                state.endWriting();
            }
        } finally {
            state.giveBack();
            partition.resumeWork();
        }
    }

    /** Gives up what lies above the first damaged range. */
    long cutAtDamage() throws IOException {
        partition.detachReplication();
        try {
            PartitionLog log = borrow();
            try {
                state.takeWriting();
                try {
                    List<LogDamage> damage = log.damage();
                    if (!damage.isEmpty()) {
                        log.truncateTo(damage.get(0).firstOffset());
                        state.committed(Math.min(state.highWatermark(), log.logEndOffset()));
                        state.startsAt(log.logStartOffset());
                    }
                    return log.logEndOffset();
                } finally {
                    state.endWriting();
                }
            } finally {
                state.giveBack();
            }
        } finally {
            partition.replicateOnceOpen();
        }
    }
}
