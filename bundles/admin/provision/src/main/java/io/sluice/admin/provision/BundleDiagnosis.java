package io.sluice.admin.provision;

import io.sluice.broker.api.PartRegistries;
import io.sluice.broker.api.PartRegistries.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Says in one sentence why a bundle does not do its work: not resolved, stopped, a service missing, or its part failed to open. Any thread. */
final class BundleDiagnosis {
    private static final String TRANSPORT_TYPE = "transport.type";

    private final FrameworkBundles bundles;
    private final Supplier<@Nullable ServiceComponentRuntime> components;
    private final Supplier<@Nullable PartRegistries> registries;

    BundleDiagnosis(
            FrameworkBundles bundles,
            Supplier<@Nullable ServiceComponentRuntime> components,
            Supplier<@Nullable PartRegistries> registries) {
        this.bundles = bundles;
        this.components = components;
        this.registries = registries;
    }

    /** Null when nothing is wrong. */
    @Nullable
    String problem(Bundle bundle) {
        String name = bundle.getSymbolicName();
        switch (bundle.getState()) {
            case Bundle.UNINSTALLED:
                return name + " is uninstalled; plugin:install brings it back";
            case Bundle.INSTALLED:
                return bundles.resolve(bundle) ? stopped(name) : unresolved(bundle);
            case Bundle.RESOLVED:
                return FrameworkBundles.isFragment(bundle) ? null : stopped(name);
            default:
                String component = componentProblem(bundle);
                return component != null ? component : partProblem(name);
        }
    }

    private static String stopped(String name) {
        return name + " is stopped; bundle:start " + name + " starts it";
    }

    private String unresolved(Bundle bundle) {
        List<String> missing = new ArrayList<>();
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        for (Requirement requirement : revision.getRequirements(null)) {
            Map<String, String> directives = requirement.getDirectives();
            boolean optional =
                    Namespace.RESOLUTION_OPTIONAL.equals(directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE))
                            || "dynamic".equals(directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE));
            boolean effective = directives
                    .getOrDefault(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, Namespace.EFFECTIVE_RESOLVE)
                    .equals(Namespace.EFFECTIVE_RESOLVE);
            if (!optional
                    && effective
                    && bundles.wiring().findProviders(requirement).isEmpty()) {
                missing.add(describe(requirement));
            }
        }
        String name = bundle.getSymbolicName();
        return missing.isEmpty()
                ? name
                        + " does not resolve although each requirement has a provider: two of them exclude each other; bundle:diag "
                        + name
                : name + " needs " + String.join(" and ", missing)
                        + ", which no bundle provides; install one that does";
    }

    private static String describe(Requirement requirement) {
        String filter = requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
        return requirement.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE)
                ? "the package " + filter
                : requirement.getNamespace() + " " + filter;
    }

    private @Nullable String componentProblem(Bundle bundle) {
        ServiceComponentRuntime runtime = components.get();
        if (runtime == null) {
            return null;
        }
        for (ComponentDescriptionDTO description : runtime.getComponentDescriptionDTOs(bundle)) {
            if (!runtime.isComponentEnabled(description)) {
                return "the component " + description.name + " is disabled; scr:enable " + description.name;
            }
            for (ComponentConfigurationDTO configuration : runtime.getComponentConfigurationDTOs(description)) {
                String problem = problem(description, configuration);
                if (problem != null) {
                    return problem;
                }
            }
        }
        return null;
    }

    private static @Nullable String problem(
            ComponentDescriptionDTO description, ComponentConfigurationDTO configuration) {
        if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
            String failure = innermostCause(String.valueOf(configuration.failure));
            return "the component " + description.name + " failed to start: " + failure;
        }
        if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION) {
            return "the component " + description.name + " waits for a configuration "
                    + String.join(", ", description.configurationPid) + "; config:set creates it";
        }
        if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE) {
            return "the component " + description.name + " waits for "
                    + java.util.Arrays.stream(configuration.unsatisfiedReferences)
                            .map(reference -> service(description, reference))
                            .collect(Collectors.joining(" and "))
                    + "; start the bundle that offers it";
        }
        return null;
    }

    private static String innermostCause(String trace) {
        String[] lines = trace.split("\\R");
        String reason = lines[0];
        for (String line : lines) {
            if (line.startsWith("Caused by: ")) {
                reason = line.substring("Caused by: ".length());
            }
        }
        return reason;
    }

    private static String service(ComponentDescriptionDTO description, UnsatisfiedReferenceDTO unsatisfied) {
        String type = java.util.Arrays.stream(description.references)
                .filter(reference -> reference.name.equals(unsatisfied.name))
                .map(reference -> reference.interfaceName)
                .findFirst()
                .orElse(unsatisfied.name);
        return "the service " + type + (unsatisfied.target == null ? "" : " " + unsatisfied.target);
    }

    private @Nullable String partProblem(String name) {
        for (Part part : parts(name)) {
            if (part.state().equals("Failed")) {
                return part.kind() + " " + part.name() + " did not open: " + part.reason();
            }
        }
        return null;
    }

    List<Part> parts(String symbolicName) {
        PartRegistries kernel = registries.get();
        return kernel == null
                ? List.of()
                : kernel.parts().stream()
                        .filter(part -> part.bundle().equals(symbolicName))
                        .toList();
    }

    /** Null; or, of a bundle that holds the listeners and has no other that could, what follows when it goes. */
    @Nullable
    String onlyTransport(Bundle bundle) {
        String name = bundle.getSymbolicName();
        boolean holds = parts(name).stream().anyMatch(part -> part.kind().equals("transport"));
        Set<Object> types = transportTypes(bundle);
        boolean another = bundles.all().stream()
                .filter(other -> !other.equals(bundle))
                .anyMatch(other -> !Collections.disjoint(transportTypes(other), types));
        return holds && !another
                ? name + " is the only bundle with the transport that the listeners use, " + types
                        + ": without it no client reaches this broker, nor after the next start"
                : null;
    }

    private static Set<Object> transportTypes(Bundle bundle) {
        Set<Object> types = new TreeSet<>();
        ServiceReference<?>[] services = bundle.getRegisteredServices();
        for (ServiceReference<?> service : services == null ? new ServiceReference<?>[0] : services) {
            Object type = service.getProperty(TRANSPORT_TYPE);
            if (type != null) {
                types.add(type);
            }
        }
        return types;
    }

    /** Tells the kernel that a bundle was removed for good, so that it offers no longer what only that bundle answered. */
    void forget(String symbolicName) {
        PartRegistries kernel = registries.get();
        if (kernel != null) {
            kernel.forget(symbolicName);
        }
    }

    /** The requirements that are not met, whole, for {@code bundle:diag}. */
    List<String> unmet(Bundle bundle) {
        List<String> lines = new ArrayList<>();
        String problem = problem(bundle);
        if (problem != null) {
            lines.add(problem);
        }
        String host = bundle.getHeaders().get(Constants.FRAGMENT_HOST);
        if (host != null && bundle.getState() == Bundle.INSTALLED) {
            lines.add("it is a fragment of " + host + ", which is not there or was resolved before it came");
        }
        return lines;
    }
}
