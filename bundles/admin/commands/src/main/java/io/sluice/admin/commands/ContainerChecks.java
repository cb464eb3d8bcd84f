package io.sluice.admin.commands;

import io.sluice.admin.api.HealthCheck;
import io.sluice.admin.api.HealthCheck.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** What the doctor looks at in the container: bundles that do not resolve or run, and components that failed. Any thread. */
final class ContainerChecks {
    private final BundleContext context;
    private final Supplier<@Nullable ServiceComponentRuntime> components;

    ContainerChecks(BundleContext context, Supplier<@Nullable ServiceComponentRuntime> components) {
        this.context = context;
        this.components = components;
    }

    List<HealthCheck> all() {
        return List.of(this::bundles, this::components);
    }

    private List<Finding> bundles() {
        List<Finding> findings = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            String name = bundle.getSymbolicName();
            if (bundle.getState() == Bundle.INSTALLED) {
                findings.add(Finding.error(
                        name,
                        "it does not resolve or was never started",
                        "plugin:why " + name + " says what it lacks"));
            } else if (bundle.getState() == Bundle.RESOLVED && !isFragment(bundle)) {
                findings.add(Finding.warning(name, "it is stopped", "bundle:start " + name));
            }
        }
        return findings;
    }

    private static boolean isFragment(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private List<Finding> components() {
        List<Finding> findings = new ArrayList<>();
        ServiceComponentRuntime runtime = components.get();
        if (runtime == null) {
            return findings;
        }
        for (ComponentDescriptionDTO description : runtime.getComponentDescriptionDTOs()) {
            for (ComponentConfigurationDTO configuration : runtime.getComponentConfigurationDTOs(description)) {
                if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                    String failure = FailureText.of(configuration.failure);
                    findings.add(Finding.error(
                            description.name,
                            "it failed to start: " + failure,
                            "config:get " + description.configurationPid[0]
                                    + " shows its configuration; config:set mends it"));
                }
            }
        }
        return findings;
    }
}
