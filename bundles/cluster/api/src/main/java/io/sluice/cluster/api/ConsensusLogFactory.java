package io.sluice.cluster.api;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;

/** Makes the metadata log of this node; the service is cheap. */
@ConsumerType
public interface ConsensusLogFactory {
    /**
     * Opens the log, making it when there is none, and recovers it: a torn last batch is cut.
     *
     * @param directory {@code <data>/metadata}
     * @throws IOException when it cannot be opened, or is damaged before its last batch
     */
    ConsensusLog open(Path directory, int nodeId) throws IOException;
}
