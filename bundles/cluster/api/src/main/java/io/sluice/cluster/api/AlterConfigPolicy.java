package io.sluice.cluster.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says which configurations may be altered (KIP-133). A whiteboard service: the controller asks every one that is registered at the moment,
 * after its own checks, also where a request only wants to know. Called on the controller's thread, which decides everything else too: it
 * must be quick and must not wait.
 */
@ConsumerType
public interface AlterConfigPolicy {
    /**
     * Looks at a change that is about to be made. What is thrown instead fails the request with UNKNOWN_SERVER_ERROR.
     *
     * @param configs what the request changes, with the new values; null for a key that it deletes by name
     * @return why it may not be made, for the client, which gets POLICY_VIOLATION; null when it may
     */
    @Nullable
    String problem(ConfigResource resource, Map<String, @Nullable String> configs);
}
