package io.sluice.handlers.telemetry;

import io.sluice.base.Uuid;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * Every subscription at one time.
 *
 * @param version rises with each change, so that an instance knows whether what it was told still holds
 */
record Subscriptions(int version, List<Subscription> all) {
    static final Subscriptions NONE = new Subscriptions(0, List.of());

    Subscriptions {
        all = List.copyOf(all);
    }

    /** Those that the metadata hold now. */
    Subscriptions next(MetadataImage image) {
        List<Subscription> subscriptions = new ArrayList<>();
        for (ConfigResource resource : image.configuredResources()) {
            if (resource.type() == ConfigResource.Type.CLIENT_METRICS) {
                subscriptions.add(Subscription.of(image.config(resource)));
            }
        }
        return new Subscriptions(version + 1, subscriptions);
    }

    /** What a client is to push: everything that any subscription wants of it, as often as the most eager one. */
    Assignment assign(Uuid clientInstanceId, Selectors client) {
        Set<String> metrics = new TreeSet<>();
        int intervalMs = Subscription.INTERVAL_MS;
        for (Subscription subscription : all) {
            if (client.match(subscription.match())) {
                metrics.addAll(subscription.metrics());
                intervalMs = Math.min(intervalMs, subscription.intervalMs());
            }
        }
        if (metrics.contains(Subscription.ALL)) {
            metrics = Set.of(Subscription.ALL);
        }
        return new Assignment(version, List.copyOf(metrics), intervalMs, id(metrics, intervalMs, clientInstanceId));
    }

    /** The same for the same assignment, on every broker and after every start. */
    private static int id(Set<String> metrics, int intervalMs, Uuid clientInstanceId) {
        CRC32C crc = new CRC32C();
        crc.update((metrics.toString() + intervalMs).getBytes(StandardCharsets.UTF_8));
        long folded = clientInstanceId.mostSignificantBits() ^ clientInstanceId.leastSignificantBits();
        return (int) crc.getValue() ^ (int) (folded >>> 32) ^ (int) folded;
    }

    /** What one client is to push. */
    record Assignment(int version, List<String> metrics, int intervalMs, int id) {}
}
