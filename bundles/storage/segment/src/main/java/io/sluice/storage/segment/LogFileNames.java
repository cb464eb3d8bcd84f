package io.sluice.storage.segment;

import io.sluice.base.TopicPartition;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The names of files and folders in Kafka's layout. */
final class LogFileNames {
    static final String LOG = ".log";
    static final String INDEX = ".index";
    static final String TIME_INDEX = ".timeindex";
    static final String TXN_INDEX = ".txnindex";
    static final String SNAPSHOT = ".snapshot";
    static final String DELETED = ".deleted";
    static final String CLEANED = ".cleaned";
    static final String SWAP = ".swap";
    /** The next segment before its first batch, and so its name, is known. Ours; Kafka passes it over. */
    static final String PREPARED = ".prepared";

    static final String LEADER_EPOCHS = "leader-epoch-checkpoint";
    static final String PARTITION_METADATA = "partition.metadata";
    static final String RECOVERY_POINTS = "recovery-point-offset-checkpoint";
    static final String LOG_STARTS = "log-start-offset-checkpoint";
    static final String CLEANED_OFFSETS = "cleaner-offset-checkpoint";
    static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";
    /** Ours, beside the mark: the logs as they were closed. */
    static final String CLEAN_LOGS = "sluice-clean-logs";
    /** Ours: the boot of the machine during which the directory was last in use. */
    static final String BOOT_ID = "sluice-boot-id";

    /** Ours, in a partition's folder: the log has damaged ranges. */
    static final String DAMAGE = "sluice-damage";

    /** Ours, in a partition's folder: it takes the place of one in another directory. */
    static final String REPLACES = "sluice-replaces";

    static final String FOLDER_DELETED = "-delete";
    static final String FOLDER_FUTURE = "-future";

    private static final int DIGITS = 20;

    private LogFileNames() {}

    static String of(long offset, String suffix) {
        String digits = Long.toString(offset);
        return "0".repeat(DIGITS - digits.length()) + digits + suffix;
    }

    static Path file(Path folder, long offset, String suffix) {
        return folder.resolve(of(offset, suffix));
    }

    /** The offset in a file's name that ends with exactly this suffix; -1 for any other name. */
    static long offsetOf(String name, String suffix) {
        if (name.length() != DIGITS + suffix.length() || !name.endsWith(suffix)) {
            return -1L;
        }
        long offset = 0L;
        for (int i = 0; i < DIGITS; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1L;
            }
            offset = offset * 10 + digit;
        }
        return offset;
    }

    /** The folder in which the partition's future log is made. */
    static String futureOf(TopicPartition partition, String unique) {
        return partition + "." + unique + FOLDER_FUTURE;
    }

    /** The partition whose future log's folder has this name; null when it is none. */
    static @Nullable TopicPartition partitionOfFuture(String folder) {
        int dot = folder.lastIndexOf('.');
        return dot > 0 && folder.endsWith(FOLDER_FUTURE) ? partitionOf(folder.substring(0, dot)) : null;
    }

    /** The partition whose folder has this name; null when it is none. */
    static @Nullable TopicPartition partitionOf(String folder) {
        int dash = folder.lastIndexOf('-');
        if (dash <= 0 || dash == folder.length() - 1) {
            return null;
        }
        for (int i = dash + 1; i < folder.length(); i++) {
            if (!Character.isDigit(folder.charAt(i))) {
                return null;
            }
        }
        try {
            return new TopicPartition(folder.substring(0, dash), Integer.parseInt(folder.substring(dash + 1)));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
