package io.sluice.cluster.local;

import io.sluice.base.Scheduler;
import io.sluice.cluster.api.ConsensusLog;
import io.sluice.cluster.api.ConsensusLogFactory;
import java.io.IOException;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Component;

/** The provider for one node. */
@Component
public final class LocalLogFactory implements ConsensusLogFactory {
    @Override
    public ConsensusLog open(Path directory, int nodeId, Scheduler scheduler) throws IOException {
        return LocalLog.open(directory, nodeId, scheduler);
    }
}
