package io.sluice.broker.kernel;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.EngineMigrations;
import io.sluice.broker.api.MigrationException;
import io.sluice.broker.api.MigrationPlan;
import io.sluice.broker.api.MigrationStatus;
import io.sluice.broker.kernel.MovePump.Progress;
import io.sluice.broker.kernel.migration.MigrationFiles;
import io.sluice.broker.kernel.migration.MigrationPhase;
import io.sluice.broker.kernel.migration.MigrationRecord;
import io.sluice.broker.kernel.migration.Throttle;
import io.sluice.storage.api.PartitionLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The moves of this broker's partitions: takes commands, brings moves back after a restart, says which engine serves a partition, and
 * has a {@link MovePump} take them forward.
 */
final class TopicMigrations implements EngineMigrations {
    private static final Logger LOG = LoggerFactory.getLogger(TopicMigrations.class);
    private static final int LAST_STEPS_MAX = 100;

    private final MigrationServices services;
    private final MigrationTarget target;
    private final Supplier<Collection<Partition>> partitions;
    private final Map<TopicIdPartition, PartitionMigration> migrations = new ConcurrentHashMap<>();
    /** Of the last run of the broker, until their partitions appear. */
    private final Map<TopicIdPartition, MigrationRecord> found = new ConcurrentHashMap<>();

    private final MovePump<PartitionMigration> pump;
    private final Map<Uuid, Throttle> throttles = new ConcurrentHashMap<>();
    private final Set<Uuid> assigning = ConcurrentHashMap.newKeySet();
    private Map<String, Path> damaged = Map.of();

    TopicMigrations(MigrationServices services, Supplier<Collection<Partition>> partitions) {
        this.services = services;
        this.target = new MigrationTarget(services.engines(), services.metadata());
        this.partitions = partitions;
        this.pump = new MovePump<>(migrations, this::assignEngines, services.scheduler());
    }

    // ---- from one run of the broker to the next

    /** Reads what an earlier run has left. To be called before partitions appear. */
    void load() throws IOException {
        MigrationFiles.Loaded loaded = services.files().load();
        damaged = loaded.damaged();
        damaged.values().forEach(file -> LOG.error("the migration file {} is damaged", file));
        for (MigrationRecord record : loaded.records()) {
            found.put(record.partition(), afterRestart(record));
        }
    }

    private MigrationRecord afterRestart(MigrationRecord record) throws IOException {
        boolean lost = record.isTargetVolatile()
                && record.phase().isOnTarget()
                && record.phase().hasCopy();
        if (!lost) {
            return record;
        }
        MigrationRecord back = record.in(MigrationPhase.FAILED)
                .verifiedTo(-1L)
                .because("the engine " + record.target() + " lost its contents when the broker ended; "
                        + record.source() + " serves again");
        services.files().write(back);
        return back;
    }

    /** The partitions of the metadata are there now: what is left belongs to topics that were deleted. */
    void forgetUnknown() {
        for (TopicIdPartition unknown : List.copyOf(found.keySet())) {
            found.remove(unknown);
            try {
                services.files().delete(unknown);
            } catch (IOException e) {
                LOG.error("the migration of {}, which is no more, could not be removed", unknown, e);
            }
        }
    }

    /** The engine that serves a partition, which is the configured one unless it is being moved. */
    String engineOf(TopicIdPartition partition, String configured) {
        MigrationRecord record = found.get(partition);
        return record == null ? configured : record.active();
    }

    /**
     * A partition is new here. Its move goes on; a new partition of a topic that is being moved goes the same way.
     *
     * @return false when its log must not be opened
     */
    boolean admit(Partition partition) {
        Path unreadable = damaged.get(MigrationFiles.nameOf(partition.id()));
        if (unreadable != null) {
            partition.markOffline("which engine has its records cannot be read from " + unreadable
                    + ": restore that file, or delete it when the topic's storage.engine is right");
            return false;
        }
        MigrationRecord record = found.remove(partition.id());
        if (record == null) {
            record = likeItsTopic(partition);
        }
        if (record != null) {
            begin(partition, record);
        }
        return true;
    }

    private @Nullable MigrationRecord likeItsTopic(Partition partition) {
        for (PartitionMigration other : migrations.values()) {
            MigrationRecord record = other.record();
            boolean same = record.partition().topicId().equals(partition.id().topicId());
            if (same && record.phase().hasCopy() && !record.target().equals(partition.engine())) {
                MigrationRecord added =
                        fresh(partition, record.target(), record.bytesPerSecond(), record.isTargetVolatile());
                try {
                    services.files().write(added);
                    return added;
                } catch (IOException e) {
                    LOG.error("{} cannot be moved with the rest of its topic; engine:migrate again", partition.id(), e);
                    return null;
                }
            }
        }
        return null;
    }

    private static MigrationRecord fresh(Partition partition, String target, long bytesPerSecond, boolean isVolatile) {
        return new MigrationRecord(
                partition.id(),
                partition.engine(),
                target,
                MigrationPhase.COPYING,
                false,
                bytesPerSecond,
                isVolatile,
                -1L,
                "");
    }

    private void begin(Partition partition, MigrationRecord record) {
        Throttle throttle = throttles.computeIfAbsent(partition.id().topicId(), id -> new Throttle(services.time()));
        PartitionMigration migration = new PartitionMigration(partition, record, services, throttle);
        migrations.put(partition.id(), migration);
        partition.accompanyBy(migration);
        pump.wake();
    }

    /** Removes what there is of a partition's move, on a thread that may block. */
    void topicDeleted(Partition partition) {
        PartitionMigration migration = migrations.remove(partition.id());
        if (migration != null) {
            migration.forget();
        }
    }

    /** Copies what a volatile engine would lose, and notes how far the copies are. Blocks. */
    void stop() {
        pump.stop();
        for (PartitionMigration migration : migrations.values()) {
            MigrationRecord record = migration.record();
            if (record.isTargetVolatile() && record.phase() == MigrationPhase.FOLLOWING) {
                int steps = 0;
                while (migration.step() == Progress.BUSY && steps < LAST_STEPS_MAX) {
                    steps++;
                }
            }
            migration.stop();
        }
    }

    // ---- the steps

    /** A topic that is wholly to stay where it is gets its new engine into its configuration; then the old copies go. */
    private void assignEngines() {
        Map<Uuid, String> targets = new HashMap<>();
        Set<Uuid> undecided = new HashSet<>();
        for (PartitionMigration migration : migrations.values()) {
            MigrationRecord record = migration.record();
            if (record.phase() == MigrationPhase.FINALISING) {
                targets.put(record.partition().topicId(), record.target());
            } else if (record.phase() == MigrationPhase.FOLLOWING) {
                undecided.add(record.partition().topicId());
            }
        }
        targets.forEach((topic, engine) -> {
            if (undecided.contains(topic)) {
                finaliseRest(topic);
            }
            if (assigning.add(topic)) {
                services.metadata().assignStorageEngine(topic, engine).whenComplete((known, failure) -> {
                    if (failure != null) {
                        LOG.warn("storage.engine could not be set; it is tried again", failure);
                        services.scheduler().schedule(1_000L, () -> assigning.remove(topic));
                    } else {
                        of(topic).forEach(PartitionMigration::release);
                        assigning.remove(topic);
                    }
                });
            }
        });
    }

    /** The command was cut short by the end of the broker. */
    private void finaliseRest(Uuid topic) {
        for (PartitionMigration migration : of(topic)) {
            MigrationRecord record = migration.record();
            if (record.phase() == MigrationPhase.FOLLOWING) {
                try {
                    migration.change(now -> now.in(MigrationPhase.FINALISING));
                } catch (IOException e) {
                    LOG.warn("{} cannot be finalised; it is tried again", migration.id(), e);
                }
            }
        }
    }

    private List<PartitionMigration> of(Uuid topic) {
        return migrations.values().stream()
                .filter(migration -> migration.id().topicId().equals(topic))
                .toList();
    }

    // ---- the commands

    @Override
    public MigrationPlan plan(String topic, String engine) throws MigrationException {
        List<Partition> all = partitionsOf(topic);
        boolean durable = target.isDurableFor(topic, engine);
        long bytes = 0L;
        int moving = 0;
        Set<String> sources = new TreeSet<>();
        for (Partition partition : all) {
            if (!partition.engine().equals(engine)) {
                PartitionLog log = partition.borrowLog();
                if (log != null) {
                    bytes += log.sizeInBytes();
                    partition.giveBackLog();
                }
                moving++;
                sources.add(partition.engine());
            }
        }
        List<String> steps = new ArrayList<>();
        steps.add("copy " + moving + " of " + all.size() + " partitions, " + bytes + " bytes, from "
                + String.join(" and ", sources) + " to " + engine + ", and compare every batch");
        steps.add(
                "let each copy take over under a new leader epoch once it is in step: writes to that partition pause for"
                        + " some milliseconds");
        steps.add(
                "keep the old copies in step until engine:finalise or engine:rollback; both engines use space until then");
        if (!durable) {
            steps.add(
                    engine + " forgets everything when the broker ends: until engine:finalise the old copy then serves"
                            + " again, after it nothing is left; engine:migrate asks for --allow-volatile");
        }
        return new MigrationPlan(topic, engine, moving, bytes, durable, steps);
    }

    @Override
    public synchronized void start(String topic, String engine, long bytesPerSecond, boolean toVolatile)
            throws MigrationException {
        List<Partition> all = partitionsOf(topic);
        boolean durable = target.isDurableFor(topic, engine);
        if (!durable && !toVolatile) {
            throw new MigrationException("the engine " + engine
                    + " forgets everything when the broker ends; --allow-volatile moves the topic there all the same");
        }
        for (PartitionMigration other : migrations.values()) {
            boolean same = other.id().topic().equals(topic);
            if (same && !other.record().target().equals(engine)) {
                throw new MigrationException(topic + " is being moved to "
                        + other.record().target() + " already; finalise, roll back or abort that first");
            }
        }
        int begun = 0;
        for (Partition partition : all) {
            if (!migrations.containsKey(partition.id()) && !partition.engine().equals(engine)) {
                MigrationRecord record = fresh(partition, engine, bytesPerSecond, !durable);
                keep(() -> services.files().write(record));
                begin(partition, record);
                begun++;
            }
        }
        if (begun == 0) {
            throw new MigrationException(
                    migrations.values().stream()
                                    .anyMatch(one -> one.id().topic().equals(topic))
                            ? topic + " is being moved to " + engine + " already"
                            : topic + " is on the engine " + engine + " already");
        }
    }

    @Override
    public void throttle(String topic, long bytesPerSecond) throws MigrationException {
        changeAll(topic, record -> record.throttledTo(bytesPerSecond));
    }

    @Override
    public void pause(String topic) throws MigrationException {
        changeAll(topic, record -> record.pausedAs(true));
    }

    @Override
    public void resume(String topic) throws MigrationException {
        changeAll(topic, record -> {
            MigrationRecord going = record.pausedAs(false);
            return record.phase() == MigrationPhase.FAILED
                    ? going.in(MigrationPhase.COPYING).because("")
                    : going;
        });
    }

    @Override
    public void abort(String topic) throws MigrationException {
        for (PartitionMigration migration : require(topic)) {
            if (migration.record().phase().isOnTarget()) {
                throw new MigrationException(migration.id().topicPartition() + " has moved to "
                        + migration.record().target() + " already; engine:rollback brings all of " + topic + " back");
            }
        }
        changeAll(topic, TopicMigrations::back);
    }

    @Override
    public void rollback(String topic) throws MigrationException {
        for (PartitionMigration migration : require(topic)) {
            if (migration.record().phase() == MigrationPhase.FINALISING) {
                throw new MigrationException(
                        topic + " is being finalised, there is no way back; engine:migrate moves it once more");
            }
        }
        changeAll(topic, TopicMigrations::back);
    }

    private static MigrationRecord back(MigrationRecord record) {
        return switch (record.phase()) {
            case COPYING, FAILED -> record.in(MigrationPhase.ABORTING).pausedAs(false);
            case FOLLOWING -> record.in(MigrationPhase.RETURNING).pausedAs(false);
            case RETURNING, FINALISING, ABORTING -> record;
        };
    }

    @Override
    public void finalise(String topic) throws MigrationException {
        List<PartitionMigration> all = require(topic);
        for (PartitionMigration migration : all) {
            MigrationPhase phase = migration.record().phase();
            if (phase != MigrationPhase.FOLLOWING && phase != MigrationPhase.FINALISING) {
                throw new MigrationException(
                        migration.id().topicPartition() + " is not there yet, it is " + phase.label());
            }
        }
        for (PartitionMigration migration : all) {
            keep(migration::makeDurable);
        }
        changeAll(topic, record -> record.in(MigrationPhase.FINALISING).pausedAs(false));
    }

    @Override
    public List<MigrationStatus> statuses() {
        return migrations.values().stream()
                .map(PartitionMigration::status)
                .sorted(Comparator.comparing(
                                (MigrationStatus status) -> status.partition().topic())
                        .thenComparingInt(status -> status.partition().partition()))
                .toList();
    }

    private List<Partition> partitionsOf(String topic) throws MigrationException {
        List<Partition> all = partitions.get().stream()
                .filter(partition -> partition.id().topic().equals(topic))
                .sorted(Comparator.comparingInt(partition -> partition.id().partition()))
                .toList();
        if (all.isEmpty()) {
            throw new MigrationException("there is no topic " + topic + " on this broker");
        }
        return all;
    }

    private List<PartitionMigration> require(String topic) throws MigrationException {
        List<PartitionMigration> all = migrations.values().stream()
                .filter(migration -> migration.id().topic().equals(topic))
                .toList();
        if (all.isEmpty()) {
            throw new MigrationException(topic + " is not being moved");
        }
        return all;
    }

    private void changeAll(String topic, UnaryOperator<MigrationRecord> change) throws MigrationException {
        for (PartitionMigration migration : require(topic)) {
            keep(() -> migration.change(change));
        }
    }

    /** Something that is kept on a disk. */
    private interface Keeping {
        void run() throws IOException;
    }

    private static void keep(Keeping keeping) throws MigrationException {
        try {
            keeping.run();
        } catch (IOException e) {
            throw new MigrationException(
                    "this could not be kept: " + Objects.requireNonNullElse(e.getMessage(), e.toString()));
        }
    }
}
