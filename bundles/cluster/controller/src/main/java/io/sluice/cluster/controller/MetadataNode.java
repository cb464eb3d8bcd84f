package io.sluice.cluster.controller;

import io.sluice.base.Time;
import io.sluice.cluster.api.ConsensusLog;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.ControllerContext;
import io.sluice.cluster.api.ControllerNode;
import io.sluice.cluster.api.MetadataSource;
import java.io.IOException;
import java.util.concurrent.CompletionException;

/** The controller with the metadata that it replays. */
final class MetadataNode implements ControllerNode {
    private final ControllerLoop loop;
    private final MetadataController controller;

    private MetadataNode(ControllerLoop loop, Time time) {
        this.loop = loop;
        this.controller = new MetadataController(loop, time);
    }

    static MetadataNode open(ControllerContext context, ConsensusLog log, Policies policies) throws IOException {
        ControllerLoop loop = new ControllerLoop(context, log, policies);
        try {
            log.start(loop);
            loop.loaded().join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("The metadata cannot be loaded: " + cause.getMessage(), cause);
        } catch (IOException | RuntimeException e) {
            loop.close();
            throw e;
        }
        return new MetadataNode(loop, context.time());
    }

    @Override
    public Controller controller() {
        return controller;
    }

    @Override
    public MetadataSource metadata() {
        return loop.metadata();
    }

    @Override
    public void close() {
        loop.close();
    }
}
