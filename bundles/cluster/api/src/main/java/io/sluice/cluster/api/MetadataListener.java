package io.sluice.cluster.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Told of new images, one call at a time; it must not block for long. */
@ConsumerType
public interface MetadataListener {
    void changed(MetadataDelta delta, MetadataImage image);
}
