package io.sluice.coordinator.streams;

import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import java.util.Collection;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Offers {@link ControlledInternalTopics} to the handlers. */
@Component(service = InternalTopics.class)
public final class InternalTopicsComponent implements InternalTopics {
    private final InternalTopics topics;

    @Activate
    public InternalTopicsComponent(@Reference Controller controller, @Reference Broker broker) {
        this.topics = new ControlledInternalTopics(controller, broker.time());
    }

    @Override
    public void create(List<CreatableTopic> wanted) {
        topics.create(wanted);
    }

    @Override
    public String failures(Collection<String> names) {
        return topics.failures(names);
    }
}
