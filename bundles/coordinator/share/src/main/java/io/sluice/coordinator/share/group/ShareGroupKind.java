package io.sluice.coordinator.share.group;

import io.sluice.coordinator.api.GroupKind;
import io.sluice.coordinator.api.GroupKindContext;
import io.sluice.coordinator.share.ShareCoordinator;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Share groups as a kind of groups in {@code __consumer_offsets}. */
@Component(service = {GroupKind.class, ShareGroupKind.class})
public final class ShareGroupKind implements GroupKind<ShareGroupState> {
    /** How ListGroups names them. */
    public static final String TYPE = "share";

    private final ShareCoordinator coordinator;

    @Activate
    public ShareGroupKind(@Reference ShareCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Set<Short> recordTypes() {
        return ShareGroupRecords.TYPES;
    }

    @Override
    public ShareGroupState create(GroupKindContext<ShareGroupState> context) {
        return new ShareGroupState(context, coordinator.states(), new ShareGroupListener() {
            @Override
            public void memberGone(String groupId, String memberId) {
                soon(() -> coordinator.sessions().memberGone(groupId, memberId));
            }

            @Override
            public void groupIdle(String groupId) {
                soon(() -> coordinator.sharePartitions().retireGroup(groupId));
            }
        });
    }

    private void soon(Runnable task) {
        coordinator.broker().scheduler().execute(task);
    }
}
