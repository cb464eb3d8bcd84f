package io.sluice.coordinator.group;

import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.config.ConfigKey;
import io.sluice.cluster.api.config.GroupKeys;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Configuration and metadata as they are at the moment of asking. Any thread.
 *
 * @param values the broker's keys
 * @param images the present image
 */
public record GroupSettings(UnaryOperator<@Nullable String> values, Supplier<MetadataImage> images) {
    public MetadataImage image() {
        return images.get();
    }

    /** A broker's key; null for one that is unset. */
    public @Nullable String broker(String key) {
        return values.apply(key);
    }

    /** A group's key: what was set for the group, else what the broker's key of the same meaning has, else the default. */
    public @Nullable String group(String groupId, String key) {
        String own = image().config(new ConfigResource(ConfigResource.Type.GROUP, groupId)).get(key);
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

    public GroupConfig config() {
        return GroupConfig.from(values);
    }
}
