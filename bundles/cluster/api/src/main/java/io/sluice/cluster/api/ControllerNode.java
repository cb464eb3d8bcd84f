package io.sluice.cluster.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The controller of this node with the metadata that it replays. */
@ConsumerType
public interface ControllerNode extends AutoCloseable {
    Controller controller();

    MetadataSource metadata();

    /** Waiting requests are ended with {@link NotControllerException}; the log is left open. */
    @Override
    void close();
}
