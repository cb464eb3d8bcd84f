package io.sluice.cluster.controller;

import io.sluice.cluster.api.ConsensusLog;
import io.sluice.cluster.api.ControllerContext;
import io.sluice.cluster.api.ControllerFactory;
import io.sluice.cluster.api.ControllerNode;
import java.io.IOException;
import org.osgi.service.component.annotations.Component;

/** The provider of the controller. */
@Component
public final class MetadataControllerFactory implements ControllerFactory {
    @Override
    public ControllerNode open(ControllerContext context, ConsensusLog log) throws IOException {
        return MetadataNode.open(context, log);
    }
}
