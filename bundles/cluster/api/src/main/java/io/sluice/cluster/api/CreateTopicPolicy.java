package io.sluice.cluster.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says which topics may be created (KIP-108). A whiteboard service: the controller asks every one that is registered at the moment, after
 * its own checks, also where a request only wants to know. Called on the controller's thread, which decides everything else too: it must
 * be quick and must not wait.
 */
@ConsumerType
public interface CreateTopicPolicy {
    /**
     * Looks at a topic that is about to be created. What is thrown instead fails the request with UNKNOWN_SERVER_ERROR.
     *
     * @return why it may not be, for the client, which gets POLICY_VIOLATION; null when it may
     */
    @Nullable
    String problem(Request request);

    /**
     * A topic that is asked for.
     *
     * @param partitions how many; null when the replicas are assigned by the request
     * @param replicationFactor null when the replicas are assigned by the request
     * @param assignments the replicas of each partition as the request assigns them; null when it does not
     * @param configs what the request sets
     */
    record Request(
            String topic,
            @Nullable Integer partitions,
            @Nullable Short replicationFactor,
            @Nullable Map<Integer, List<Integer>> assignments,
            Map<String, String> configs) {}
}
