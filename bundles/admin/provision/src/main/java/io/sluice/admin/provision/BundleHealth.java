package io.sluice.admin.provision;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/** Whether what a bundle is there for works, beyond its being started. May wait some seconds; any thread. */
interface BundleHealth {
    /** Nothing is known: every started bundle is well. */
    BundleHealth UNKNOWN = new BundleHealth() {
        @Override
        public boolean isWell(Bundle bundle) {
            return true;
        }

        @Override
        public List<String> roles(Bundle bundle) {
            return List.of();
        }

        @Override
        public @Nullable String awaitFailure(Bundle bundle, List<String> rolesBefore) {
            return null;
        }

        @Override
        public void forget(String name) {}
    };

    /** Whether nothing is wrong with a running bundle now. */
    boolean isWell(Bundle bundle);

    /** What the bundle holds now, such as {@code engine segment}. */
    List<String> roles(Bundle bundle);

    /**
     * Waits until the bundle's parts have opened or failed.
     *
     * @param rolesBefore what its earlier version held, and it is to hold again
     * @return null when all is well, else why not, in one sentence
     */
    @Nullable
    String awaitFailure(Bundle bundle, List<String> rolesBefore);

    /** The bundle was removed for good. */
    void forget(String name);
}
