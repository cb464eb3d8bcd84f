package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.HealthCheck;
import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.BrokerReady;
import io.sluice.broker.api.EngineMigrations;
import io.sluice.broker.api.LocalClient;
import io.sluice.broker.api.LogCare;
import io.sluice.broker.api.PartRegistries;
import io.sluice.broker.api.Partitions;
import io.sluice.cluster.api.MetadataSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.LoggerFactory;

/** The commands in the container: all are offered from the start; one that needs a service which is not there says so. */
@Component(
        immediate = true,
        service = {})
public final class CommandsComponent {
    private static final long ETC_LOOK_MS = 1_000L;
    /** Marks the checks of this bundle, which the doctor has anyway. */
    private static final String OWN = "sluice.doctor";

    private final BrokerAccess access = new BrokerAccess();
    private final ServiceSlot<ConfigurationAdmin> configurations = new ServiceSlot<>();
    private final ServiceSlot<ServiceComponentRuntime> components = new ServiceSlot<>();
    private final List<HealthCheck> checks = new CopyOnWriteArrayList<>();
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private final EtcWatch etc;
    private final RebalanceWatch rebalances;
    private Scheduler.@Nullable Cancellable watching;
    private Scheduler.@Nullable Cancellable watchingGroups;

    @Activate
    public CommandsComponent(BundleContext context) {
        Path data = Path.of(String.valueOf(context.getProperty("sluice.data"))).toAbsolutePath();
        TopicNames names = new TopicNames(access);
        PartitionTable partitions = new PartitionTable(access);
        ResourceConfigs configs = new ResourceConfigs(access);
        GroupCoordinatorCalls coordinator = new GroupCoordinatorCalls(access);
        GroupOffsets offsets = new GroupOffsets(coordinator);
        checks.addAll(new BrokerChecks(access, data, () -> startFailure(context)).all());
        VerifiedLogs verified = new VerifiedLogs(data.resolve("log").resolve("verified.properties"));
        checks.add(new VerifiedLogsCheck(access, verified));
        rebalances = new RebalanceWatch(access.client, () -> Time.SYSTEM.nanoseconds() / 1_000_000L);
        checks.add(new GroupChecks(access, rebalances));
        checks.add(new TransactionChecks(access, Time.SYSTEM::milliseconds));
        checks.addAll(new ContainerChecks(context, components::get).all());
        List<Command> commands = new ArrayList<>();
        commands.addAll(new TopicCommands(access, names, partitions, configs).all());
        commands.addAll(new PartitionCommands(access, names, partitions).all());
        commands.addAll(new GroupCommands(access, names, offsets, coordinator).all());
        commands.addAll(new TransactionCommands(access, names).all());
        commands.addAll(new EngineCommands(access).all());
        commands.addAll(new StorageCommands(access, names, verified, Time.SYSTEM).all());
        commands.addAll(new MigrationCommands(access, names).all());
        commands.addAll(new TransferCommands(access, names, Time.SYSTEM).all());
        commands.add(new ProduceCommand(access, names, Time.SYSTEM));
        commands.add(new ConsumeCommand(access, names, offsets));
        ComponentConfigs componentConfigs =
                new ComponentConfigs(configurations, components::get, access.parts, new EtcFolder(data.resolve("etc")));
        commands.addAll(new ConfigCommands(access, configs, componentConfigs).all());
        etc = new EtcWatch(
                Path.of(String.valueOf(context.getProperty("sluice.home")), "etc"),
                data.resolve("etc"),
                componentConfigs::apply);
        commands.addAll(new LogCommands(logFile(data), new LoggerLevels(LoggerFactory.getILoggerFactory())).all());
        registrations.add(context.registerService(
                HealthCheck.class, all(List.copyOf(checks)), new Hashtable<>(Map.of(OWN, Boolean.TRUE))));
        commands.add(new DoctorCommand(checks));
        commands.forEach(command -> registrations.add(context.registerService(Command.class, command, null)));
    }

    /** The checks of this bundle as one, for others who want to know. */
    private static HealthCheck all(List<HealthCheck> own) {
        return () -> own.stream().flatMap(check -> check.look().stream()).toList();
    }

    private static Path logFile(Path data) {
        String given = System.getProperty("sluice.log");
        return given == null ? data.resolve("log").resolve("sluice.log") : Path.of(given);
    }

    private static @Nullable String startFailure(BundleContext context) {
        ServiceReference<BrokerReady> ready = context.getServiceReference(BrokerReady.class);
        Object failure = ready == null ? null : ready.getProperty("failure");
        return failure == null ? null : failure.toString();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindBroker(Broker service) {
        access.broker.set(service);
        watch(service.scheduler());
    }

    private synchronized void watch(Scheduler scheduler) {
        unwatch();
        watchingGroups =
                scheduler.scheduleWithFixedDelay(RebalanceWatch.LOOK_MS, RebalanceWatch.LOOK_MS, rebalances::look);
        watching = scheduler.scheduleWithFixedDelay(ETC_LOOK_MS, ETC_LOOK_MS, etc::look);
    }

    private synchronized void unwatch() {
        if (watching != null) {
            watching.cancel();
            watching = null;
        }
        if (watchingGroups != null) {
            watchingGroups.cancel();
            watchingGroups = null;
        }
    }

    void unbindBroker(Broker service) {
        access.broker.clear(service);
        if (access.broker.get() == null) {
            unwatch();
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindPartitions(Partitions service) {
        access.partitions.set(service);
    }

    void unbindPartitions(Partitions service) {
        access.partitions.clear(service);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindPartRegistries(PartRegistries service) {
        access.parts.set(service);
    }

    void unbindPartRegistries(PartRegistries service) {
        access.parts.clear(service);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindEngineMigrations(EngineMigrations service) {
        access.migrations.set(service);
    }

    void unbindEngineMigrations(EngineMigrations service) {
        access.migrations.clear(service);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindLocalClient(LocalClient service) {
        access.client.set(service);
    }

    void unbindLocalClient(LocalClient service) {
        access.client.clear(service);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindLogCare(LogCare service) {
        access.care.set(service);
    }

    void unbindLogCare(LogCare service) {
        access.care.clear(service);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindMetadataSource(MetadataSource service) {
        access.metadata.set(service);
    }

    void unbindMetadataSource(MetadataSource service) {
        access.metadata.clear(service);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindConfigurationAdmin(ConfigurationAdmin service) {
        configurations.set(service);
    }

    void unbindConfigurationAdmin(ConfigurationAdmin service) {
        configurations.clear(service);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindServiceComponentRuntime(ServiceComponentRuntime service) {
        components.set(service);
    }

    void unbindServiceComponentRuntime(ServiceComponentRuntime service) {
        components.clear(service);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(!(" + OWN + "=*))")
    void bindHealthCheck(HealthCheck check) {
        checks.add(check);
    }

    void unbindHealthCheck(HealthCheck check) {
        checks.remove(check);
    }

    @Deactivate
    void close() {
        unwatch();
        registrations.forEach(ServiceRegistration::unregister);
    }
}
