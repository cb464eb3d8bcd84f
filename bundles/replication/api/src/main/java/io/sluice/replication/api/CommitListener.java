package io.sluice.replication.api;

import org.osgi.annotation.versioning.ProviderType;

/** The partition's side of its replication. */
@ProviderType
@FunctionalInterface
public interface CommitListener {
    /** The high watermark rose to this offset. */
    void committed(long highWatermark);
}
