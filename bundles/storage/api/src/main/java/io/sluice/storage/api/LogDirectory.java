package io.sluice.storage.api;

import java.nio.file.Path;

/** A directory that holds logs. Sizes in bytes. */
public record LogDirectory(Path path, long totalBytes, long usableBytes) {}
