package io.sluice.cluster.api;

import io.sluice.base.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;

/** Makes the metadata log of this node; the service is cheap. */
@ConsumerType
public interface ConsensusLogFactory {
    /**
     * Opens the log, making it when there is none, and recovers it: a torn last batch is cut.
     *
     * @param directory {@code <data>/metadata}; nobody else has it open
     * @param scheduler where appended batches are written and forced to disk
     * @throws IOException when it cannot be opened, or is damaged before its last batch; the message is for people
     */
    ConsensusLog open(Path directory, int nodeId, Scheduler scheduler) throws IOException;
}
