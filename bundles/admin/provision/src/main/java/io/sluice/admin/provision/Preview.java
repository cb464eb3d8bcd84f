package io.sluice.admin.provision;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a change is about to do.
 *
 * @param name the bundle's symbolic name
 * @param from the version that is there now; null when none is
 * @param to the version that will be; null when it goes
 * @param restarts the other bundles that restart with it
 */
record Preview(String name, @Nullable String from, @Nullable String to, List<String> restarts) {
    Preview {
        restarts = List.copyOf(restarts);
    }

    String sentence() {
        String change;
        if (from == null) {
            change = "installs " + name + " " + to;
        } else if (to == null) {
            change = "removes " + name + " " + from;
        } else {
            change = "replaces " + name + " " + from + " by " + to;
        }
        return change
                + (restarts.isEmpty()
                        ? "; no other bundle restarts"
                        : "; with it restart " + String.join(", ", restarts));
    }

    /** @throws ProvisionException when other bundles would restart and nobody agreed to that */
    void requireAgreement(boolean cascade) throws ProvisionException {
        if (!restarts.isEmpty() && !cascade) {
            throw new ProvisionException("this " + sentence() + "; give --cascade to do it");
        }
    }
}
