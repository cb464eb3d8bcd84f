package io.sluice.coordinator.streams.group;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a member has told of itself. Immutable.
 *
 * @param topologyEpoch of the topology that it processes
 * @param processId of the process that it is a thread of
 * @param tags where the process runs
 */
record MemberMetadata(
        @Nullable String instanceId,
        @Nullable String rackId,
        String clientId,
        String clientHost,
        int rebalanceTimeoutMs,
        int topologyEpoch,
        String processId,
        @Nullable UserEndpoint endpoint,
        SortedMap<String, String> tags) {
    static final MemberMetadata UNKNOWN = new MemberMetadata(null, null, "", "", -1, -1, "", null, new TreeMap<>());

    MemberMetadata {
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    /** Whether the difference matters to who does what. */
    boolean mattersBeside(MemberMetadata other) {
        return topologyEpoch != other.topologyEpoch
                || !Objects.equals(rackId, other.rackId)
                || !tags.equals(other.tags)
                || !processId.equals(other.processId);
    }
}
