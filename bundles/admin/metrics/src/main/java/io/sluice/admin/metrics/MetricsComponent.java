package io.sluice.admin.metrics;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.HealthCheck;
import io.sluice.admin.metrics.jmx.GroupKind;
import io.sluice.admin.metrics.jmx.KafkaBeans;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.EngineMigrations;
import io.sluice.broker.api.LocalClient;
import io.sluice.broker.api.PartRegistries;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.metrics.BrokerMetrics;
import io.sluice.broker.api.metrics.CoordinatorLoads;
import io.sluice.broker.api.metrics.MetricSource;
import io.sluice.cluster.api.MetadataSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The metrics in the container: everything is there as soon as the broker's services are, and the listener opens on the broker's scheduler. */
@Component(
        immediate = true,
        service = {})
public final class MetricsComponent {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsComponent.class);

    private final List<MetricSource> sources = new CopyOnWriteArrayList<>();
    private final List<CoordinatorLoads> loads = new CopyOnWriteArrayList<>();
    private final List<HealthCheck> checks = new CopyOnWriteArrayList<>();
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private final Face face;
    private final JmxFace jmx;

    @Activate
    public MetricsComponent(
            BundleContext context,
            @Reference Broker broker,
            @Reference BrokerMetrics metrics,
            @Reference Partitions partitions,
            @Reference PartRegistries parts,
            @Reference EngineMigrations migrations,
            @Reference MetadataSource metadata,
            @Reference LocalClient client) {
        Groups groups = new Groups(client, broker);
        AtomicReference<Shown> shown = new AtomicReference<>(Shown.ALL);
        GroupList listed = new GroupList(groups::list);
        ShownNow choosing = new ShownNow(key -> value(broker, key), metrics::topics, listed::look);
        BooleanSupplier started = () -> Boolean.getBoolean("sluice.ready");
        Readiness readiness = new Readiness(started, parts, () -> partitions.statuses().stream()
                .map(PartitionStatus::engine)
                .collect(Collectors.toSet()));
        MetricsText text = new MetricsText(
                List.of(
                        new ProcessSource(
                                context.getBundle().getVersion().toString(), () -> readiness.obstacle() == null),
                        new RequestSource(metrics),
                        new TopicSource(metrics),
                        new PartitionSource(
                                partitions,
                                metadata,
                                shown::get,
                                () -> Integer.parseInt(value(broker, "metrics.partitions"))),
                        new PartSource(metrics, migrations),
                        new CoordinatorSource(loads),
                        new GroupSource(groups, listed::latest, shown::get, partitions::status)),
                sources,
                choosing::look,
                shown);
        face = new Face(
                value(broker, "metrics.listener"),
                Path.of(String.valueOf(context.getProperty("sluice.data")), "run", "metrics"),
                new Pages(
                        text::render,
                        readiness,
                        new Findings(checks, () -> broker.time().nanoseconds() / 1_000_000L))::at,
                broker.scheduler());
        registrations.add(context.registerService(Command.class, new MetricsCommand(text::render), null));
        registrations.add(context.registerService(HealthCheck.class, face, null));
        broker.scheduler().execute(face::open);
        KafkaBeans.Choice choice = new KafkaBeans.Choice() {
            @Override
            public Predicate<String> topics() {
                return choosing.topics();
            }

            @Override
            public int partitionsMost() {
                return Integer.parseInt(value(broker, "metrics.partitions"));
            }
        };
        KafkaBeans.Sources shownByJmx = new KafkaBeans.Sources(
                broker,
                metrics,
                partitions,
                metadata,
                loads,
                () -> kinds(groups),
                context.getBundle().getVersion().toString());
        jmx = new JmxFace(
                broker.scheduler(),
                started,
                () -> new KafkaBeans(shownByJmx, choice, ManagementFactory.getPlatformMBeanServer()));
        if (JmxFace.isWanted(value(broker, "metrics.jmx"))) {
            broker.scheduler().execute(jmx::open);
        }
    }

    private static List<GroupKind> kinds(Groups groups) {
        return groups.list().stream()
                .map(group -> new GroupKind(group.type(), group.state()))
                .toList();
    }

    private static String value(Broker broker, String key) {
        return Objects.requireNonNull(broker.config(key), key);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindMetricSource(MetricSource source) {
        sources.add(source);
    }

    void unbindMetricSource(MetricSource source) {
        sources.remove(source);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindCoordinatorLoads(CoordinatorLoads of) {
        loads.add(of);
    }

    void unbindCoordinatorLoads(CoordinatorLoads of) {
        loads.remove(of);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindHealthCheck(HealthCheck check) {
        checks.add(check);
    }

    void unbindHealthCheck(HealthCheck check) {
        checks.remove(check);
    }

    @Deactivate
    void close() {
        registrations.forEach(ServiceRegistration::unregister);
        jmx.close();
        try {
            face.close();
        } catch (IOException e) {
            LOG.warn("the listener for metrics did not close cleanly", e);
        }
    }
}
