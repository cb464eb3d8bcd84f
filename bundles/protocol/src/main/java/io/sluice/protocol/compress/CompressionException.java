package io.sluice.protocol.compress;

import java.io.EOFException;
import org.jspecify.annotations.Nullable;

/** Compressed bytes that cannot be decoded, or whose content passes the limit that the caller set. */
public final class CompressionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean tooLarge;

    private CompressionException(String message, boolean tooLarge, @Nullable Throwable cause) {
        super(message, cause);
        this.tooLarge = tooLarge;
    }

    static CompressionException malformed(String message) {
        return new CompressionException(message, false, null);
    }

    static CompressionException malformed(String message, Throwable cause) {
        String reason = cause instanceof EOFException ? "the input is cut off" : String.valueOf(cause.getMessage());
        return new CompressionException(message + ": " + reason, false, cause);
    }

    static CompressionException tooLarge(int maxBytes) {
        return new CompressionException("decompressed content passes " + maxBytes + " bytes", true, null);
    }

    /** True when the content may be well formed but is larger than allowed. */
    public boolean isTooLarge() {
        return tooLarge;
    }
}
