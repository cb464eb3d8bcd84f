package io.sluice.storage.api;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A directory that holds logs. Sizes in bytes.
 *
 * @param failure why nothing in it can be used until the engine is opened again; null while it can
 */
public record LogDirectory(
        Path path,
        long totalBytes,
        long usableBytes,
        @Nullable String failure) {
    /** One that can be used. */
    public LogDirectory(Path path, long totalBytes, long usableBytes) {
        this(path, totalBytes, usableBytes, null);
    }
}
