package io.sluice.admin.provision;

import org.jspecify.annotations.Nullable;

/**
 * What is kept about one bundle that was installed, replaced or removed here.
 *
 * @param name its symbolic name
 * @param jar the jar's name within {@code plugins/}; null when the bundle was removed
 * @param sha256 of that jar; empty when removed
 * @param previousJar the jar before, within {@code plugins/}; null when that was the distribution's or there was none
 * @param drop the file in {@code deploy/} that it came from; null when a command installed it
 */
record PluginRecord(
        String name,
        String version,
        @Nullable String jar,
        String sha256,
        @Nullable String previousJar,
        @Nullable String drop) {
    static PluginRecord of(PluginJar jar, String kept, @Nullable String previousJar, @Nullable String drop) {
        return new PluginRecord(jar.name(), jar.version().toString(), kept, jar.sha256(), previousJar, drop);
    }

    static PluginRecord removed(String name, String version, @Nullable String previousJar) {
        return new PluginRecord(name, version, null, "", previousJar, null);
    }

    boolean isRemoved() {
        return jar == null;
    }

    PluginRecord withDrop(@Nullable String file) {
        return new PluginRecord(name, version, jar, sha256, previousJar, file);
    }
}
