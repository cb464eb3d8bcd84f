package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.api.GroupKind;
import io.sluice.coordinator.api.GroupKindContext;
import io.sluice.coordinator.streams.assignor.ForgetfulAssignor;
import io.sluice.coordinator.streams.assignor.StickyAssignor;
import io.sluice.coordinator.streams.assignor.TaskAssignor;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Streams groups as a kind of groups in {@code __consumer_offsets}. */
@Component(service = {GroupKind.class, StreamsGroupKind.class})
public final class StreamsGroupKind implements GroupKind<StreamsGroupState> {
    /** How ListGroups names them. */
    public static final String TYPE = "streams";

    private final TaskAssignor assignor;

    @Activate
    public StreamsGroupKind() {
        TaskAssignor sticky = new StickyAssignor();
        boolean forgets = ForgetfulAssignor.NAME.equals(System.getProperty("sluice.sabotage"));
        this.assignor = forgets ? new ForgetfulAssignor(sticky) : sticky;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Set<Short> recordTypes() {
        return StreamsRecords.TYPES;
    }

    @Override
    public StreamsGroupState create(GroupKindContext<StreamsGroupState> context) {
        return new StreamsGroupState(context, assignor);
    }
}
