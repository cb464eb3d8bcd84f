package io.sluice.cluster.api.image;

import io.sluice.cluster.api.MetadataDelta;

/** A new image and what differs from the one before. */
public record ImageChange(MetadataDelta delta, ClusterImage image) {}
