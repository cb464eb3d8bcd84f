package io.sluice.storage.api;

import java.io.IOException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something could not be written because its disk is full. Nothing is lost: what was appended before is where it was, and the same may be
 * tried again when there is room.
 */
public final class DiskFullException extends IOException {
    private static final Logger LOG = LoggerFactory.getLogger(DiskFullException.class);
    private static final long serialVersionUID = 1L;

    public DiskFullException(String message, IOException cause) {
        super(message, cause);
    }

    /**
     * Tells a full disk, which passes, from a failing one: whether a write failed for want of space (ENOSPC) or of quota (EDQUOT). Java
     * has one exception for both; the system's words differ. Of an fsync it says nothing good: what that could not write may be gone.
     */
    public static boolean isMeantBy(IOException failedWrite) {
        String message = failedWrite.getMessage();
        if (message == null) {
            return false;
        }
        String text = message.toLowerCase(Locale.ROOT);
        return text.contains("no space left") || text.contains("quota exceeded") || text.contains("not enough space");
    }

    /** Something that is written beside the batches. */
    @FunctionalInterface
    interface Writing {
        void run() throws IOException;
    }

    /** Does what can be done later, or is of use only if there is room for it. */
    static void pass(Writing optional) throws IOException {
        try {
            optional.run();
        } catch (IOException e) {
            if (!isMeantBy(e)) {
                throw e;
            }
            LOG.debug("it is left for later", e);
        }
    }
}
