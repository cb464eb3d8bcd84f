package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.security.api.Resource;

/** What the right to a configuration is asked of, and the error of those who lack it. */
record ConfigRights(Resource resource, ErrorCode refusal) {
    /** @param type of a known resource */
    static ConfigRights of(byte type, String name) {
        ConfigResource.Type known = ConfigResource.Type.of(type);
        if (known == ConfigResource.Type.TOPIC) {
            return new ConfigRights(Resource.topic(name), ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        }
        if (known == ConfigResource.Type.GROUP) {
            return new ConfigRights(Resource.group(name), ErrorCode.GROUP_AUTHORIZATION_FAILED);
        }
        return new ConfigRights(Resource.CLUSTER, ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
    }
}
