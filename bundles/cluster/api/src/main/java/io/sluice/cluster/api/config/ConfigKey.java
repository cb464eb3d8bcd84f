package io.sluice.cluster.api.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration key: its name, type, default, limit and meaning.
 *
 * @param defaultValue null when the key is unset by default
 * @param synonyms for a topic's key, the broker keys that give its default, in order of precedence; for a broker's key,
 *     all the keys that set the same thing, itself included; empty when it stands alone
 * @param documentation one or two sentences for people
 */
public record ConfigKey(
        String name,
        ConfigType type,
        @Nullable String defaultValue,
        Constraint constraint,
        Importance importance,
        UpdateMode updateMode,
        Effect effect,
        List<Synonym> synonyms,
        String documentation) {
    public ConfigKey {
        synonyms = List.copyOf(synonyms);
    }

    /** A key that is read at start and has no limit. */
    public static ConfigKey of(String name, ConfigType type, @Nullable String defaultValue) {
        return new ConfigKey(
                name,
                type,
                defaultValue,
                Constraint.NONE,
                Importance.MEDIUM,
                UpdateMode.READ_ONLY,
                Effect.RESTART,
                List.of(),
                "");
    }

    public ConfigKey limited(Constraint limit) {
        return new ConfigKey(name, type, defaultValue, limit, importance, updateMode, effect, synonyms, documentation);
    }

    public ConfigKey atLeast(long least) {
        return limited(Constraint.atLeast(least));
    }

    public ConfigKey importance(Importance newImportance) {
        return new ConfigKey(
                name, type, defaultValue, constraint, newImportance, updateMode, effect, synonyms, documentation);
    }

    /** Can be altered while the broker runs. */
    public ConfigKey dynamic(UpdateMode mode, Effect newEffect) {
        return new ConfigKey(
                name, type, defaultValue, constraint, importance, mode, newEffect, synonyms, documentation);
    }

    /** Can be altered for all brokers and holds at once. */
    public ConfigKey live() {
        return dynamic(UpdateMode.CLUSTER_WIDE, Effect.LIVE);
    }

    /** Taken, but nothing obeys it: what it is about is not there, or is done in another way. */
    public ConfigKey withoutEffect() {
        return dynamic(UpdateMode.READ_ONLY, Effect.NONE);
    }

    public ConfigKey synonyms(Synonym... others) {
        return new ConfigKey(
                name, type, defaultValue, constraint, importance, updateMode, effect, List.of(others), documentation);
    }

    /** The broker key of the same unit that gives this topic key's default. */
    public ConfigKey broker(String key) {
        return synonyms(new Synonym(key, 1));
    }

    /** Last of all, since it says when a key is without effect. */
    public ConfigKey doc(String text) {
        String whole = effect == Effect.NONE ? text + " Nothing here obeys it yet." : text;
        return new ConfigKey(name, type, defaultValue, constraint, importance, updateMode, effect, synonyms, whole);
    }

    /** @return a sentence that names the key and says why it does not take this value; null when it does */
    public @Nullable String problem(String value) {
        String text = value.trim();
        String problem = type.problem(text);
        if (problem == null) {
            problem = constraint.problem(text);
        }
        return problem == null
                ? null
                : "Invalid value " + (type.sensitive() ? "[hidden]" : value) + " for configuration " + name + ": "
                        + problem;
    }

    /**
     * Another key that sets the same thing.
     *
     * @param scale by what its value is multiplied, unless it is negative, to be in the unit of the key
     */
    public record Synonym(String name, long scale) {
        /** The value in the unit of the key that this is a synonym of. */
        public String convert(String value) {
            if (scale == 1) {
                return value;
            }
            long number = Long.parseLong(value.trim());
            return Long.toString(number < 0 ? number : saturatedProduct(number));
        }

        private long saturatedProduct(long number) {
            return number > Long.MAX_VALUE / scale ? Long.MAX_VALUE : number * scale;
        }
    }
}
