package io.sluice.admin.provision;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.HealthCheck;
import io.sluice.base.Time;
import io.sluice.broker.api.PartRegistries;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Provisioning in the container. Starts before the parts that may have been replaced: what was installed is put in place
 * within its activation, so that no old version opens first.
 */
@Component(
        immediate = true,
        service = {})
public final class ProvisionComponent {
    private static final long POLL_MS = 500;
    private static final long SETTLE_MS = 150;

    private final AtomicReference<@Nullable ServiceComponentRuntime> components = new AtomicReference<>();
    private final AtomicReference<@Nullable PartRegistries> registries = new AtomicReference<>();
    private final Operations operations = new Operations();
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    @Activate
    public ProvisionComponent(BundleContext context, @Reference ConfigurationAdmin configurations) throws Exception {
        Path home = path(context, "sluice.home");
        Path data = path(context, "sluice.data");
        FrameworkBundles bundles = new FrameworkBundles(context);
        SystemRepository system = new SystemRepository(home.resolve("system"));
        BundleDiagnosis diagnosis = new BundleDiagnosis(bundles, components::get, registries::get);
        Path plugins = data.resolve("plugins");
        Provisioner provisioner = new Provisioner(
                bundles,
                system,
                new PluginFolder(plugins),
                new PluginStateFile(plugins),
                new AppliedMarks(context.getDataFile("applied.properties").toPath()),
                new PartHealth(diagnosis, Time.SYSTEM));
        Features features = new Features(
                home.resolve("features"),
                plugins.resolve("features"),
                bundles,
                system,
                provisioner,
                configureWith(configurations));
        DeployFolder deploy = new DeployFolder(data.resolve("deploy"), bundles, provisioner, features);
        operations.call(() -> {
            provisioner.reconcile();
            features.reconcile();
            return null;
        });
        operations.repeat(POLL_MS, SETTLE_MS, deploy::look);
        registrations.add(context.registerService(HealthCheck.class, check(provisioner, deploy), null));
        JarSource jars = new JarSource(system);
        register(context, new PluginCommands(operations, bundles, provisioner, jars, diagnosis, deploy).all());
        register(context, List.of(new DevCommand(operations, bundles, provisioner, Time.SYSTEM).command()));
        register(context, new BundleCommands(operations, bundles, provisioner, jars, diagnosis).all());
        register(context, new FeatureCommands(operations, bundles, features).all());
    }

    private static HealthCheck check(Provisioner provisioner, DeployFolder deploy) {
        return () -> {
            List<HealthCheck.Finding> findings = new ArrayList<>();
            provisioner
                    .problems()
                    .forEach((name, problem) -> findings.add(HealthCheck.Finding.error(
                            name,
                            "it is not as it was installed: " + problem,
                            "plugin:install or plugin:remove " + name)));
            deploy.refusals()
                    .forEach((file, reason) -> findings.add(HealthCheck.Finding.warning(
                            "deploy/" + file,
                            "it was refused: " + reason,
                            "take the file away or put a better one there")));
            return findings;
        };
    }

    private static Path path(BundleContext context, String property) {
        String value = context.getProperty(property);
        if (value == null) {
            throw new IllegalStateException("the framework property " + property + " is not set");
        }
        return Path.of(value).toAbsolutePath();
    }

    private static BiConsumer<String, Map<String, Object>> configureWith(ConfigurationAdmin configurations) {
        return (pid, properties) -> {
            try {
                int tilde = pid.indexOf('~');
                Configuration configuration = tilde < 0
                        ? configurations.getConfiguration(pid, "?")
                        : configurations.getFactoryConfiguration(
                                pid.substring(0, tilde), pid.substring(tilde + 1), "?");
                if (configuration.getProperties() == null) {
                    configuration.update(new Hashtable<>(properties));
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        };
    }

    private void register(BundleContext context, List<Command> all) {
        all.forEach(command -> registrations.add(context.registerService(Command.class, command, null)));
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindComponents(ServiceComponentRuntime runtime) {
        components.set(runtime);
    }

    void unbindComponents(ServiceComponentRuntime runtime) {
        components.compareAndSet(runtime, null);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindRegistries(PartRegistries parts) {
        registries.set(parts);
    }

    void unbindRegistries(PartRegistries parts) {
        registries.compareAndSet(parts, null);
    }

    /** A change that runs is finished. */
    @Deactivate
    void close() {
        registrations.forEach(ServiceRegistration::unregister);
        operations.close();
    }
}
