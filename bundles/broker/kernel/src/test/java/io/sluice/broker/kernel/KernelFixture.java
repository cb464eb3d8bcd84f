package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOrigin;
import io.sluice.broker.api.AppendTicket;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.kernel.migration.MigrationFiles;
import io.sluice.replication.api.LeaderState;
import io.sluice.replication.api.ReplicationStrategy;
import io.sluice.replication.api.ReplicationStrategyFactory;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.Batches;
import io.sluice.storage.memory.MemoryEngineFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Partitions over the memory engine, on one thread and a clock that stands. What opens and closes parts runs at once, all
 * else when {@link #clock} runs it.
 */
final class KernelFixture implements KernelServices {
    static final int NODE = 1;
    static final String MEMORY = "memory";
    static final String BUNDLE = "io.sluice.storage.memory";
    static final Uuid TOPIC_ID = new Uuid(7L, 7L);

    final Simulation clock = new Simulation();
    final EngineHosts engines;
    final PartitionTable table;
    final java.util.Map<String, Long> settings =
            new java.util.HashMap<>(java.util.Map.of("storage.reserve.bytes", 1L << 30));
    DiskSpace.Bytes disk = new DiskSpace.Bytes(1L << 40, 1L << 39);
    private final DiskSpace diskSpace;
    private final SyncQueue syncs = new SyncQueue(clock, 2);
    private final RequestMemory memory;
    final TrafficBook traffic = new TrafficBook();
    private final ReplicationHost replication;

    KernelFixture(Path data) {
        this(data, new RequestMemory(64L << 20));
    }

    KernelFixture(Path data, RequestMemory memory) {
        this.memory = memory;
        RoleContext roles = new RoleContext(clock.atOnce(), clock, Sabotage.of(null));
        this.engines = new EngineHosts(
                roles,
                new EngineHost.Environment(
                        List.of(),
                        data,
                        NODE,
                        "a-cluster",
                        clock,
                        clock,
                        key -> null,
                        () -> 86_400_000L,
                        stored -> true,
                        progress -> {}));
        this.table = new PartitionTable(this, engines);
        this.diskSpace = new DiskSpace(
                List.of(data), key -> settings.getOrDefault(key, -1L), directory -> disk, clock, clock, table::all);
        this.replication = new ReplicationHost("local", roles, table::all);
    }

    /** Both parts are there. */
    static KernelFixture whole(Path data, ReplicationStrategyFactory strategy) {
        KernelFixture fixture = new KernelFixture(data);
        fixture.offerEngine();
        fixture.offerReplication(strategy);
        return fixture;
    }

    /** Leadership is what a cut-over says it is. */
    final List<String> assigned = new ArrayList<>();

    /** What is set for every topic. */
    final Map<String, String> topicConfigs = new HashMap<>();

    TopicMigrations migrations(Path folder) {
        return migrations(folder, Sabotage.of(null));
    }

    TopicMigrations migrations(Path folder, Sabotage sabotage) {
        MigrationMetadata metadata = new MigrationMetadata() {
            @Override
            public CompletableFuture<Integer> bumpLeaderEpoch(TopicIdPartition id) {
                Partition led = table.find(id.topicPartition());
                if (led == null) {
                    return CompletableFuture.completedFuture(-1);
                }
                led.updateLeadership(state(led.leaderEpoch() + 1), true);
                return CompletableFuture.completedFuture(led.leaderEpoch());
            }

            @Override
            public CompletableFuture<Boolean> assignStorageEngine(Uuid topicId, String engine) {
                assigned.add(engine);
                return CompletableFuture.completedFuture(true);
            }

            @Override
            public Map<String, String> topicConfigs(String topic) {
                return Map.copyOf(topicConfigs);
            }
        };
        return new TopicMigrations(
                new MigrationServices(engines, metadata, new MigrationFiles(folder), clock, clock, sabotage),
                table::all);
    }

    void offerEngine() {
        offerEngine(new MemoryEngineFactory(64L * 1024 * 1024));
    }

    void offerEngine(StorageEngineFactory factory) {
        engines.offer(MEMORY, new PartRole.Candidate<>(factory, BUNDLE, 0, BUNDLE, "1.0.0"));
        clock.run();
    }

    void withdrawEngine() {
        engines.withdraw(MEMORY, BUNDLE);
        clock.run();
    }

    void offerReplication(ReplicationStrategyFactory strategy) {
        replication.role().offer(new PartRole.Candidate<>(strategy, "replication", 0, "replication", "1.0.0"));
        clock.run();
    }

    void withdrawReplication() {
        replication.role().withdraw("replication");
        clock.run();
    }

    /** A partition of a new topic, led here under epoch 3. */
    Partition lead(String topic) {
        return add(new TopicIdPartition(TOPIC_ID, new TopicPartition(topic, 0)), true);
    }

    Partition lead(String topic, LogConfig config) {
        return add(new TopicIdPartition(TOPIC_ID, new TopicPartition(topic, 0)), true, config);
    }

    Partition add(TopicIdPartition id, boolean leading) {
        return add(id, leading, LogConfig.DEFAULTS);
    }

    private Partition add(TopicIdPartition id, boolean leading, LogConfig config) {
        Partition made = new Partition(id, MEMORY, config, state(3), leading, this);
        table.add(made);
        engines.host(MEMORY).add(made);
        clock.run();
        return made;
    }

    static LeaderState state(int leaderEpoch) {
        return new LeaderState(leaderEpoch, 0, List.of(NODE), List.of(NODE), 1);
    }

    AppendTicket append(Partition to, int acks, String... values) {
        return append(to, acks, Batches.of(1_000L, values));
    }

    AppendTicket append(Partition to, int acks, ByteBuffer batches) {
        return table.append(
                List.of(new AppendEntry(to.id().topicPartition(), to.id().topicId(), batches)),
                (short) acks,
                30_000,
                AppendOrigin.CLIENT);
    }

    static FetchPosition position(Partition of, long offset) {
        return new FetchPosition(of.id(), offset, -1, -1, false);
    }

    FetchOutcome fetch(Partition from, long offset) {
        return table.fetch(position(from, offset), 1_000_000, true);
    }

    /** The values from this offset on; the records are released. */
    List<String> values(Partition from, long offset) {
        return Batches.values(Batches.take(fetch(from, offset).records()));
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
    public Time time() {
        return clock;
    }

    @Override
    public Sabotage sabotage() {
        return Sabotage.of(null);
    }

    @Override
    public Scheduler scheduler() {
        return clock;
    }

    @Override
    public DiskSpace diskSpace() {
        return diskSpace;
    }

    @Override
    public SyncQueue syncs() {
        return syncs;
    }

    @Override
    public Scheduler coldReads() {
        return clock;
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
