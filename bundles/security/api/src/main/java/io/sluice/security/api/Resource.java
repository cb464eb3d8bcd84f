package io.sluice.security.api;

import java.util.Objects;

/** One thing that can be protected. */
public record Resource(ResourceType type, String name) {
    /** The cluster itself. */
    public static final Resource CLUSTER = new Resource(ResourceType.CLUSTER, "kafka-cluster");

    public Resource {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(name, "name");
    }

    public static Resource topic(String name) {
        return new Resource(ResourceType.TOPIC, name);
    }

    public static Resource group(String id) {
        return new Resource(ResourceType.GROUP, id);
    }

    public static Resource transactionalId(String id) {
        return new Resource(ResourceType.TRANSACTIONAL_ID, id);
    }
}
