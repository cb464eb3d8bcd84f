package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.Endpoint;
import io.sluice.broker.api.EngineMigrations;
import io.sluice.broker.api.LocalClient;
import io.sluice.broker.api.LogCare;
import io.sluice.broker.api.PartRegistries;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.ReplicaDirectories;
import io.sluice.broker.api.metrics.BrokerMetrics;
import io.sluice.broker.kernel.migration.MigrationFiles;
import io.sluice.cluster.api.ConsensusLog;
import io.sluice.cluster.api.ConsensusLogFactory;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.ControllerContext;
import io.sluice.cluster.api.ControllerFactory;
import io.sluice.cluster.api.ControllerNode;
import io.sluice.cluster.api.Feature;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.cluster.api.config.BrokerKeys;
import io.sluice.cluster.api.config.ConfigResolver;
import io.sluice.protocol.message.BrokerRegistrationRequest;
import io.sluice.protocol.message.BrokerRegistrationResponse;
import io.sluice.replication.api.ReplicationStrategy;
import io.sluice.replication.api.ReplicationStrategyFactory;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One broker, without a container: the roles of its replaceable parts, and the order in which it starts and stops. The
 * container's side is in {@code io.sluice.broker.kernel.edge}.
 */
final class Kernel implements KernelServices {
    private static final Logger LOG = LoggerFactory.getLogger(Kernel.class);
    private static final long STEP_SECONDS = 30L;
    private static final long ABSENT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int SYNCS_AT_A_TIME = 4;

    private final BrokerConfig config;
    private final Time time;
    private final RandomSource random;
    private final Sabotage sabotage;
    private final KernelScheduler scheduler = new KernelScheduler("kernel", 10);
    private final SyncQueue syncs = new SyncQueue(scheduler, SYNCS_AT_A_TIME);
    private final KernelScheduler partsScheduler = new KernelScheduler("parts", 4);
    private final KernelScheduler coldReads = new KernelScheduler("cold-reads", 4);
    private final RequestMemory memory;
    private final TrafficBook traffic = new TrafficBook();
    private final DataDirectories directories;
    private final DiskSpace diskSpace;
    private volatile @Nullable KernelBroker broker;
    private final EngineHosts engines;
    private final PartitionTable table;
    private final ReplicationHost replication;
    private final SecurityRoles security;
    private final ApiSlots slots;
    private final RequestDispatcher dispatcher;
    private final Listeners listeners;
    private @Nullable ConsensusLog log;
    private volatile @Nullable ControllerNode node;
    private @Nullable Housekeeping housekeeping;
    private @Nullable TopicMigrations migrations;
    private @Nullable DirectoryMoves directoryMoves;

    /** @param progress what to say to people while a start takes long */
    Kernel(
            BrokerConfig config,
            Time time,
            RandomSource random,
            Sabotage sabotage,
            Predicate<String> isInstalled,
            Consumer<String> progress)
            throws StartupException {
        this.config = config;
        List<String> idle = BrokerKeys.withoutEffect(config.values());
        if (!idle.isEmpty()) {
            LOG.warn("Nothing in this broker obeys these keys of its configuration: {}", String.join(", ", idle));
        }
        this.sabotage = sabotage;
        this.time = time;
        this.random = random;
        this.memory = RequestMemory.of(
                Long.parseLong(BrokerConfig.value(config.values(), "queued.max.request.bytes")),
                Runtime.getRuntime().maxMemory());
        this.directories = DataDirectories.claim(config, random);
        RoleContext roles = new RoleContext(partsScheduler, time, sabotage);
        this.engines = new EngineHosts(
                roles,
                new EngineHost.Environment(
                        config.logDirectories(),
                        config.dataDirectory(),
                        config.nodeId(),
                        directories.clusterId(),
                        time,
                        scheduler,
                        this::brokerKey,
                        () -> Long.parseLong(BrokerConfig.value(config.values(), "producer.id.expiration.ms")),
                        this::isKnown,
                        progress));
        this.table = new PartitionTable(this, engines);
        this.diskSpace = new DiskSpace(
                config.logDirectories(), this::current, DiskSpace.Store.SYSTEM, time, scheduler, table::all);
        this.replication =
                new ReplicationHost(BrokerConfig.value(config.values(), "replication.type"), roles, table::all);
        this.security = new SecurityRoles(
                BrokerConfig.value(config.values(), "authenticator.type"),
                BrokerConfig.value(config.values(), "authorizer.type"),
                roles);
        this.slots = new ApiSlots(roles, isInstalled);
        this.dispatcher = new RequestDispatcher(slots, security, scheduler, time, memory, traffic);
        this.listeners =
                new Listeners(BrokerConfig.value(config.values(), "transport.type"), config, dispatcher, roles);
    }

    /** The value of a broker's key as it stands; as it was given at the start, as long as there is no metadata. */
    private @Nullable String brokerKey(String key) {
        if (key.equals(Sabotage.PROPERTY)) {
            return sabotage.name();
        }
        ControllerNode started = node;
        return started == null
                ? BrokerConfig.value(config.values(), key)
                : new ConfigResolver(started.metadata().image(), config.values(), config.nodeId()).broker(key);
    }

    /** Who offers the kernel's services to the other bundles. */
    @FunctionalInterface
    interface Publisher {
        <S> void publish(Class<S> type, S service);
    }

    /** Loads the metadata, registers the broker, and offers its services. Blocks; the listeners stay closed. */
    void start(ConsensusLogFactory logs, ControllerFactory controllers, Publisher publisher) throws StartupException {
        boolean clean = directories.takeCleanShutdownMark();
        try {
            ConsensusLog opened = logs.open(config.dataDirectory().resolve("metadata"), config.nodeId(), scheduler);
            log = opened;
            ControllerNode started = controllers.open(
                    new ControllerContext(
                            config.nodeId(), directories.clusterId(), config.values(), time, scheduler, random),
                    opened);
            node = started;
            long epoch = register(started.controller(), clean);
            start(started.metadata(), started.controller(), epoch, publisher);
        } catch (IOException e) {
            LOG.error("the metadata could not be opened", e);
            throw new StartupException("The metadata could not be opened: " + e.getMessage());
        }
    }

    private void start(MetadataSource metadata, Controller controller, long brokerEpoch, Publisher publisher)
            throws IOException {
        KernelBroker broker = new KernelBroker(
                config, directories.clusterId(), brokerEpoch, metadata, engines, slots, time, scheduler, random);
        this.broker = broker;
        slots.offer(new PartRole.Candidate<>(
                new ApiVersionsHandler(slots, metadata::image, config.nodeId(), directories.clusterId(), sabotage),
                this,
                0,
                "io.sluice.broker.kernel",
                ""));
        TopicMigrations moving = new TopicMigrations(
                new MigrationServices(
                        engines,
                        MigrationMetadata.of(controller, metadata),
                        new MigrationFiles(config.dataDirectory().resolve("migrations")),
                        time,
                        scheduler,
                        sabotage),
                table::all);
        for (EngineHost host : engines.all()) {
            host.removeUnknown();
        }
        moving.load();
        migrations = moving;
        metadata.subscribe(new PartitionAssignments(
                config.nodeId(),
                table,
                engines,
                this,
                (image, topic) -> new ConfigResolver(image, config.values(), config.nodeId()).topic(topic),
                moving));
        moving.forgetUnknown();
        housekeeping = new Housekeeping(
                table, scheduler, key -> Long.parseLong(java.util.Objects.requireNonNull(broker.config(key), key)));
        publisher.publish(MetadataSource.class, metadata);
        publisher.publish(Controller.class, controller);
        publisher.publish(Broker.class, broker);
        publisher.publish(Partitions.class, table);
        publisher.publish(LogCare.class, new PartitionCare(table, transfer(controller, brokerEpoch)));
        publisher.publish(EngineMigrations.class, moving);
        DirectoryMoves directoryMoves = new DirectoryMoves(
                table,
                engines,
                partition -> metadata.image().partition(partition) != null,
                time,
                scheduler,
                sabotage,
                () -> current("replica.alter.log.dirs.io.max.bytes.per.second"));
        directoryMoves.start();
        this.directoryMoves = directoryMoves;
        publisher.publish(ReplicaDirectories.class, directoryMoves);
        KernelParts parts = new KernelParts(engines, listeners, replication, security, slots);
        publisher.publish(PartRegistries.class, parts);
        publisher.publish(BrokerMetrics.class, new KernelMetrics(dispatcher, traffic, syncs, parts));
        publisher.publish(LocalClient.class, new KernelLocalClient(dispatcher));
    }

    /** Logs in and out; what an import left behind that did not come to its end is removed. */
    private LogTransfer transfer(Controller controller, long brokerEpoch) {
        LogTransfer transfer = new LogTransfer(
                engines.host("segment"),
                config.dataDirectory().resolve("imports"),
                sabotage,
                new FreshProducerIds(controller, config.nodeId(), brokerEpoch));
        scheduler.execute(() -> {
            try {
                transfer.sweep();
            } catch (IOException e) {
                LOG.warn("what an import left behind could not be removed", e);
            }
        });
        return transfer;
    }

    private long register(Controller controller, boolean clean) throws StartupException {
        BrokerRegistrationRequest request = new BrokerRegistrationRequest()
                .setBrokerId(config.nodeId())
                .setClusterId(directories.clusterId())
                .setIncarnationId(io.sluice.base.Uuid.random(random))
                .setRack(config.rack())
                .setLogDirs(directories.directoryIds())
                .setFeatures(
                        Arrays.stream(Feature.values()).map(Kernel::feature).toList())
                .setListeners(config.endpoints().stream().map(Kernel::listener).toList());
        CompletableFuture<BrokerRegistrationResponse> answer = controller.registerBroker(request, clean);
        try {
            BrokerRegistrationResponse registered = answer.get(STEP_SECONDS, TimeUnit.SECONDS);
            if (registered.errorCode() != 0) {
                throw new StartupException(
                        "The controller refused this broker: " + ErrorCode.of(registered.errorCode()));
            }
            return registered.brokerEpoch();
        } catch (ExecutionException | TimeoutException e) {
            LOG.error("the broker could not be registered", e);
            throw new StartupException("The broker could not be registered: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("The start was interrupted");
        }
    }

    private static BrokerRegistrationRequest.Feature feature(Feature feature) {
        return new BrokerRegistrationRequest.Feature()
                .setName(feature.featureName())
                .setMinSupportedVersion(feature.lowest())
                .setMaxSupportedVersion(feature.highest());
    }

    private static BrokerRegistrationRequest.Listener listener(Endpoint endpoint) {
        return new BrokerRegistrationRequest.Listener()
                .setName(endpoint.listenerName())
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setSecurityProtocol((short) 0);
    }

    /**
     * Opens the listeners and waits until all are bound.
     *
     * @return null; or, where no bundle offers the transport, one sentence that says so: they open once one does
     */
    @Nullable
    String openListeners() throws StartupException {
        listeners.open();
        long begin = time.nanoseconds();
        long end = begin + TimeUnit.SECONDS.toNanos(STEP_SECONDS);
        for (PartRole<?, ?> role : listeners.roles()) {
            while (!role.isOpen()) {
                PartRole.Standing standing = role.standing();
                if (standing.state() == PartState.FAILED) {
                    throw new StartupException("Listener " + role.name() + " of " + address(role.name())
                            + " could not be opened: " + standing.reason());
                }
                if (!listeners.isOffered() && time.nanoseconds() - begin > ABSENT_NANOS) {
                    return "No bundle offers the transport " + listeners.type()
                            + ": no client can connect; plugin:install FILE or plugin:rollback io.sluice.transport."
                            + listeners.type() + " brings one";
                }
                if (time.nanoseconds() - end > 0) {
                    throw new StartupException("Listener " + role.name() + " did not open: " + standing.reason());
                }
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000L);
            }
        }
        return null;
    }

    private String address(String listener) {
        for (Endpoint endpoint : config.endpoints()) {
            if (endpoint.listenerName().equals(listener)) {
                return endpoint.host() + ":" + endpoint.port();
            }
        }
        return "?";
    }

    /** Takes no more requests, answers those that were taken, and lets the connections go. Blocks. */
    void stopServing() {
        listeners.shutdown();
    }

    /** Stops what is left once nobody is served any more, in the order that loses nothing: handlers, replication, logs, metadata. Blocks. */
    void stop() {
        Housekeeping working = housekeeping;
        if (working != null) {
            working.close();
        }
        slots.shutdown();
        TopicMigrations moving = migrations;
        if (moving != null) {
            moving.stop();
        }
        DirectoryMoves turning = directoryMoves;
        if (turning != null) {
            turning.stop();
        }
        replication.role().shutdown();
        for (EngineHost host : engines.all()) {
            host.role().shutdown();
        }
        security.authorizer().shutdown();
        security.authenticator().shutdown();
        try {
            ControllerNode running = node;
            if (running != null) {
                running.close();
            }
            ConsensusLog opened = log;
            if (opened != null) {
                opened.close();
                directories.markCleanShutdown();
            }
        } catch (IOException e) {
            LOG.error("the metadata did not close cleanly", e);
        }
        coldReads.close();
        partsScheduler.close();
        scheduler.close();
    }

    private boolean isKnown(TopicIdPartition stored) {
        ControllerNode running = node;
        if (running == null) {
            return true;
        }
        MetadataImage image = running.metadata().image();
        // A folder whose topic id cannot be read belongs to whom its name says: nothing is removed for a damaged file.
        TopicImage topic = stored.topicId().isZero() ? image.topic(stored.topic()) : image.topic(stored.topicId());
        return topic != null && topic.partitions().size() > stored.partition();
    }

    EngineHosts engines() {
        return engines;
    }

    Listeners listeners() {
        return listeners;
    }

    SecurityRoles security() {
        return security;
    }

    Disconnects disconnects() {
        return dispatcher.disconnects();
    }

    ApiSlots slots() {
        return slots;
    }

    BrokerConfig config() {
        return config;
    }

    List<Endpoint> endpoints() {
        return config.endpoints();
    }

    @Override
    public DiskSpace diskSpace() {
        return diskSpace;
    }

    /** See {@link SyncTrace}. */
    void traceSyncs(java.nio.file.Path file) {
        syncs.traceTo(new SyncTrace(file));
    }

    private long current(String key) {
        KernelBroker known = broker;
        String value = known == null ? BrokerConfig.value(config.values(), key) : known.config(key);
        return Long.parseLong(java.util.Objects.requireNonNull(value, key));
    }

    @Override
    public SyncQueue syncs() {
        return syncs;
    }

    @Override
    public RequestMemory memory() {
        return memory;
    }

    @Override
    public TrafficBook traffic() {
        return traffic;
    }

    @Override
    public Sabotage sabotage() {
        return sabotage;
    }

    @Override
    public Time time() {
        return time;
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public Scheduler coldReads() {
        return coldReads;
    }

    @Override
    public PartRole<ReplicationStrategyFactory, ReplicationStrategy> replicationRole() {
        return replication.role();
    }

    @Override
    public ReplicationHost replication() {
        return replication;
    }
}
