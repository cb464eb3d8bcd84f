package io.sluice.coordinator.share.state;

import io.sluice.base.Time;
import io.sluice.broker.api.LocalClient;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.FindCoordinatorRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has {@code __share_group_state} made when it is needed and not there, in the way in which clients have it made: by asking for the coordinator of
 * something. Any thread.
 */
public final class StateTopic {
    private static final Logger LOG = LoggerFactory.getLogger(StateTopic.class);
    private static final byte SHARE = 2;
    private static final short VERSION = 6;
    private static final long PAUSE_NANOS = 200_000_000L;

    private final LocalClient client;
    private final Time time;
    private final AtomicLong nextAt;

    public StateTopic(LocalClient client, Time time) {
        this.client = client;
        this.time = time;
        this.nextAt = new AtomicLong(time.nanoseconds());
    }

    /** Begins to make it, unless that was begun a moment ago. */
    public void create() {
        long now = time.nanoseconds();
        long at = nextAt.get();
        if (now - at < 0L || !nextAt.compareAndSet(at, now + PAUSE_NANOS)) {
            return;
        }
        FindCoordinatorRequest request = new FindCoordinatorRequest()
                .setKeyType(SHARE)
                .setCoordinatorKeys(List.of("share-group:AAAAAAAAAAAAAAAAAAAAAQ:0"));
        client.send(ApiKey.FIND_COORDINATOR, VERSION, request).whenComplete((answer, failure) -> {
            if (failure != null) {
                LOG.warn("the topic of share groups' state could not be asked for: {}", failure.toString());
            }
        });
    }
}
