package io.sluice.admin.provision;

import java.util.regex.Pattern;
import org.osgi.framework.Bundle;

/**
 * Whether a bundle that was stopped stays so when the broker starts again. Not one without which the broker would not get
 * ready, or could be given no command to start it.
 */
final class StopPolicy {
    private static final Pattern OF_THE_CONTAINER = Pattern.compile(
            "(io\\.sluice\\.(admin|broker|cluster|logging|logbridge|base|protocol)|org\\.(apache\\.felix|osgi|jline)"
                    + "|slf4j|ch\\.qos)([.-].*)?");
    private static final String TRANSPORT = "transport";

    private final BundleDiagnosis diagnosis;

    StopPolicy(BundleDiagnosis diagnosis) {
        this.diagnosis = diagnosis;
    }

    /** To be asked before it is stopped. */
    boolean isKept(Bundle bundle) {
        String name = bundle.getSymbolicName();
        return !isOfTheContainer(name)
                && diagnosis.parts(name).stream().noneMatch(part -> part.kind().equals(TRANSPORT));
    }

    static boolean isOfTheContainer(String name) {
        return OF_THE_CONTAINER.matcher(name).matches();
    }
}
