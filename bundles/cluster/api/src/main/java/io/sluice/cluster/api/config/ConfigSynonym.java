package io.sluice.cluster.api.config;

import org.jspecify.annotations.Nullable;

/**
 * One of the places where a value is set.
 *
 * @param value as written there, in that key's own unit; null when it is sensitive
 */
public record ConfigSynonym(String name, @Nullable String value, ConfigSource source) {}
