package io.sluice.storage.segment;

import java.io.IOException;
import java.util.Locale;

/** Tells a full disk, which passes, from a failing one. Java has one exception for both; the system's words differ. */
final class FullDisk {
    private FullDisk() {}

    /** Whether the write failed for want of space (ENOSPC) or of quota (EDQUOT). */
    static boolean isMeantBy(IOException failure) {
        String message = failure.getMessage();
        if (message == null) {
            return false;
        }
        String text = message.toLowerCase(Locale.ROOT);
        return text.contains("no space left") || text.contains("quota exceeded") || text.contains("not enough space");
    }
}
