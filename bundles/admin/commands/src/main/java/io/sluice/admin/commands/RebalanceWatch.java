package io.sluice.admin.commands;

import io.sluice.broker.api.LocalClient;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ListGroupsRequest;
import io.sluice.protocol.message.ListGroupsResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Since when each group has been rebalancing, as far as it was seen: no answer of a coordinator says that, so the groups are listed now and then. Any thread; nothing
 * waits.
 */
final class RebalanceWatch {
    /** How often {@link #look} is to be called. */
    static final long LOOK_MS = 30_000L;

    private static final Logger LOG = LoggerFactory.getLogger(RebalanceWatch.class);
    private static final Set<String> REBALANCING =
            Set.of("preparingrebalance", "completingrebalance", "assigning", "reconciling");

    private final ServiceSlot<LocalClient> client;
    private final LongSupplier nowMs;
    private final Map<String, Long> since = new HashMap<>();

    /** @param nowMs a clock that does not jump */
    RebalanceWatch(ServiceSlot<LocalClient> client, LongSupplier nowMs) {
        this.client = client;
        this.nowMs = nowMs;
    }

    void look() {
        LocalClient present = client.get();
        if (present == null) {
            return;
        }
        present.send(ApiKey.LIST_GROUPS, ApiKey.LIST_GROUPS.highestStableVersion(), new ListGroupsRequest())
                .whenComplete((answer, failure) -> {
                    if (answer instanceof ListGroupsResponse listed) {
                        note(listed.groups());
                    } else {
                        LOG.debug("the groups could not be listed", failure);
                    }
                });
    }

    synchronized void note(List<ListGroupsResponse.ListedGroup> groups) {
        Map<String, Long> still = new HashMap<>();
        for (ListGroupsResponse.ListedGroup group : groups) {
            if (REBALANCING.contains(group.groupState().toLowerCase(java.util.Locale.ROOT))) {
                Long before = since.get(group.groupId());
                still.put(group.groupId(), before == null ? (Long) nowMs.getAsLong() : before);
            }
        }
        since.clear();
        since.putAll(still);
    }

    /** For how long the group has been seen rebalancing without a pause; 0 when it was not. */
    synchronized long forMs(String group) {
        Long began = since.get(group);
        return began == null ? 0L : nowMs.getAsLong() - began;
    }
}
