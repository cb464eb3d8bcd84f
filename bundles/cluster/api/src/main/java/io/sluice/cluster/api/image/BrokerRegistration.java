package io.sluice.cluster.api.image;

import io.sluice.base.Uuid;
import io.sluice.cluster.api.BrokerImage;
import io.sluice.cluster.api.BrokerImage.Listener;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A broker's registration with all that the controller keeps of it.
 *
 * @param incarnationId made anew at each start of the broker
 * @param features the levels that the broker can work at
 * @param logDirs the ids of its directories
 */
public record BrokerRegistration(
        int nodeId,
        long brokerEpoch,
        Uuid incarnationId,
        List<Listener> listeners,
        Map<String, FeatureRange> features,
        @Nullable String rack,
        boolean fenced,
        boolean inControlledShutdown,
        List<Uuid> logDirs) {
    public BrokerRegistration {
        listeners = List.copyOf(listeners);
        features = Collections.unmodifiableSortedMap(new TreeMap<>(features));
        logDirs = List.copyOf(logDirs);
    }

    /** What the other parts of a broker see of it. */
    public BrokerImage image() {
        return new BrokerImage(nodeId, brokerEpoch, fenced, rack, listeners);
    }

    BrokerRegistration changed(boolean newFenced, boolean newInControlledShutdown, List<Uuid> newLogDirs) {
        return new BrokerRegistration(
                nodeId,
                brokerEpoch,
                incarnationId,
                listeners,
                features,
                rack,
                newFenced,
                newInControlledShutdown,
                newLogDirs);
    }

    /** The lowest and the highest level of a feature. */
    public record FeatureRange(short lowest, short highest) {
        public boolean contains(short level) {
            return level >= lowest && level <= highest;
        }
    }
}
