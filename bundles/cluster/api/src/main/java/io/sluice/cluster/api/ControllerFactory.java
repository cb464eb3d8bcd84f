package io.sluice.cluster.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Makes the controller of this node; the service is cheap, and the kernel calls {@link #open} once the data directory is held. */
@ConsumerType
public interface ControllerFactory {
    /** Replays the log; blocks until the image is as far as the log was, so that {@link ControllerNode#metadata()} is usable. */
    ControllerNode open(ControllerContext context, ConsensusLog log) throws java.io.IOException;
}
