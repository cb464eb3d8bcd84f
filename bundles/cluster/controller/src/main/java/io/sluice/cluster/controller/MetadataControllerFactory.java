package io.sluice.cluster.controller;

import io.sluice.cluster.api.AlterConfigPolicy;
import io.sluice.cluster.api.ConsensusLog;
import io.sluice.cluster.api.ControllerContext;
import io.sluice.cluster.api.ControllerFactory;
import io.sluice.cluster.api.ControllerNode;
import io.sluice.cluster.api.CreateTopicPolicy;
import java.io.IOException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The provider of the controller, and where policies are registered. */
@Component
public final class MetadataControllerFactory implements ControllerFactory {
    private final Policies policies = new Policies();

    @Override
    public ControllerNode open(ControllerContext context, ConsensusLog log) throws IOException {
        return MetadataNode.open(context, log, policies);
    }

    @Reference(
            service = CreateTopicPolicy.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removeCreateTopicPolicy")
    void addCreateTopicPolicy(CreateTopicPolicy policy) {
        policies.add(policy);
    }

    void removeCreateTopicPolicy(CreateTopicPolicy policy) {
        policies.remove(policy);
    }

    @Reference(
            service = AlterConfigPolicy.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removeAlterConfigPolicy")
    void addAlterConfigPolicy(AlterConfigPolicy policy) {
        policies.add(policy);
    }

    void removeAlterConfigPolicy(AlterConfigPolicy policy) {
        policies.remove(policy);
    }
}
