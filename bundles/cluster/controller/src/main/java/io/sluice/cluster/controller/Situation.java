package io.sluice.cluster.controller;

import io.sluice.base.RandomSource;
import io.sluice.cluster.api.config.ConfigResolver;
import io.sluice.cluster.api.image.ClusterImage;
import java.util.Map;

/**
 * All that a decision depends on beside the request: same situation, same decision.
 *
 * @param image with everything that was decided before
 * @param nodeId the controller's own
 * @param staticConfig the controller's keys as given at start
 * @param policies who has a say beside the controller
 */
record Situation(
        ClusterImage image,
        int nodeId,
        String clusterId,
        Map<String, String> staticConfig,
        RandomSource random,
        Policies policies) {
    ConfigResolver configs() {
        return new ConfigResolver(image, staticConfig, nodeId);
    }

    /** A broker's key that has a default. */
    String broker(String key) {
        String value = configs().broker(key);
        if (value == null) {
            throw new IllegalArgumentException("the key has no default: " + key);
        }
        return value;
    }

    /** The offset that the next record gets. */
    long nextOffset() {
        return image.offset() + 1;
    }
}
