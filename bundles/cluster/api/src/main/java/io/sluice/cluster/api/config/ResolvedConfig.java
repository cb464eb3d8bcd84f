package io.sluice.cluster.api.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key with the value that holds and everything that DescribeConfigs tells of it.
 *
 * @param value null when there is none, or when it is sensitive
 * @param readOnly whether altering it is refused
 * @param synonyms the places where it is set, the one that holds first
 */
public record ResolvedConfig(
        ConfigKey key, @Nullable String value, ConfigSource source, boolean readOnly, List<ConfigSynonym> synonyms) {
    public ResolvedConfig {
        synonyms = List.copyOf(synonyms);
    }

    public String name() {
        return key.name();
    }

    public boolean sensitive() {
        return key.type().sensitive();
    }
}
