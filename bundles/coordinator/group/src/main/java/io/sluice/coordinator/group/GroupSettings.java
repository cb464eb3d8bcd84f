package io.sluice.coordinator.group;

import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.config.ConfigKey;
import io.sluice.cluster.api.config.GroupKeys;
import io.sluice.coordinator.group.consumer.ConsumerLimits;
import io.sluice.coordinator.group.consumer.ConsumerPolicy;
import io.sluice.coordinator.group.consumer.MigrationPolicy;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Configuration and metadata as they are at the moment of asking. Any thread.
 *
 * @param values the broker's keys
 * @param images the present image
 */
public record GroupSettings(UnaryOperator<@Nullable String> values, Supplier<MetadataImage> images)
        implements ConsumerPolicy {
    public MetadataImage image() {
        return images.get();
    }

    /** A broker's key; null for one that is unset. */
    public @Nullable String broker(String key) {
        return values.apply(key);
    }

    /** A group's key: what was set for the group, else what the broker's key of the same meaning has, else the default. */
    public @Nullable String group(String groupId, String key) {
        String own = image().config(new ConfigResource(ConfigResource.Type.GROUP, groupId))
                .get(key);
        if (own != null) {
            return own;
        }
        ConfigKey known = GroupKeys.CATALOGUE.key(key);
        if (known == null) {
            return null;
        }
        for (ConfigKey.Synonym synonym : known.synonyms()) {
            String ofBroker = broker(synonym.name());
            if (ofBroker != null) {
                return synonym.convert(ofBroker);
            }
        }
        return known.defaultValue();
    }

    @Override
    public ConsumerLimits limits(String groupId) {
        return new ConsumerLimits(
                ofGroup(groupId, "consumer.session.timeout.ms", 45_000),
                ofGroup(groupId, "consumer.heartbeat.interval.ms", 5_000),
                GroupConfig.number(values, "group.consumer.max.size", Integer.MAX_VALUE),
                ofGroup(groupId, "consumer.assignment.interval.ms", 1_000),
                GroupConfig.number(values, "group.consumer.regex.refresh.interval.ms", 600_000));
    }

    private int ofGroup(String groupId, String key, int fallback) {
        String value = group(groupId, key);
        return GroupConfig.number(unused -> value, key, fallback);
    }

    @Override
    public MigrationPolicy migration() {
        return MigrationPolicy.of(broker("group.consumer.migration.policy"));
    }

    @Override
    public int classicSizeMax() {
        return GroupConfig.number(values, "group.max.size", Integer.MAX_VALUE);
    }

    public GroupConfig config() {
        return GroupConfig.from(values);
    }
}
