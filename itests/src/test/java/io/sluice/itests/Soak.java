package io.sluice.itests;

import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Everything at once against one broker: a topic that retention cuts is written and followed, a compacted one is updated key by key,
 * both move from engine to engine without end, and the parts are replaced one after the other, the engines among them.
 */
final class Soak {
    private static final String RETAINED = "retained";
    private static final String COMPACTED = "compacted";
    private static final int PARTITIONS = 2;
    private static final List<String> ENGINES = List.of("mapdb", "memory", "segment", "memory", "mapdb", "segment");
    private static final List<String> PARTS = List.of(
            "io.sluice.storage.segment",
            "io.sluice.handlers.produce",
            "io.sluice.storage.mapdb",
            "io.sluice.handlers.fetch",
            "io.sluice.coordinator.group",
            "io.sluice.replication.local",
            "io.sluice.transport.mina");
    private static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final int SAMPLES = 40;
    private static final int KEYED_AT_ONCE = 400;

    private final BrokerProcess broker;
    private final Path folder;
    private final long seconds;
    private final Vitals vitals;
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final AtomicInteger updates = new AtomicInteger();
    private volatile boolean stopping;
    private int moves;
    private long acknowledged;
    private long followed;
    private CompactedTopic.Found keys = new CompactedTopic.Found(0L, 0L, 0L);
    private int keyed;

    /** @param folder for the jars of new versions */
    Soak(BrokerProcess broker, Path folder, long seconds) {
        this.broker = broker;
        this.folder = folder;
        this.seconds = seconds;
        this.vitals = new Vitals(broker);
    }

    static String[] settings() {
        return new String[] {"log.cleaner.backoff.ms=1000", "log.retention.check.interval.ms=1000"};
    }

    /** Runs all of it, and waits for its end. What went wrong is in {@link #errors}. */
    void run() throws Exception {
        Clients.createTopic(
                broker.bootstrap(),
                RETAINED,
                PARTITIONS,
                Map.of("retention.bytes", "8388608", "segment.bytes", "1048576", "file.delete.delay.ms", "1000"));
        try (CompactedTopic compacted = new CompactedTopic(broker);
                Follower follower = new Follower(broker.bootstrap(), RETAINED, "soaked")) {
            Load load = new Load(broker.bootstrap(), RETAINED, PARTITIONS, "delivery.timeout.ms", 120_000).begin();
            Thread writer = begin("keys", () -> {
                compacted.write(KEYED_AT_ONCE);
                LockSupport.parkNanos(200_000_000L);
            });
            Thread mover = begin("moves", this::move);
            Thread updater = begin("updates", this::update);
            observe();
            stopping = true;
            for (Thread thread : List.of(updater, mover, writer)) {
                thread.join(PATIENCE.toMillis());
            }
            load.end();
            errors.addAll(load.errors());
            await().atMost(PATIENCE)
                    .until(() -> follower.read() >= load.total()
                            || !follower.errors().isEmpty());
            errors.addAll(follower.errors());
            acknowledged = load.total();
            followed = follower.read();
            keyed = compacted.written();
            keys = compacted.read();
        }
    }

    /** Something that is done again and again. */
    @FunctionalInterface
    private interface Doing {
        void run() throws Exception;
    }

    private Thread begin(String name, Doing doing) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (!stopping) {
                            doing.run();
                        }
                    } catch (Exception | AssertionError e) {
                        errors.add(name + ": " + e);
                    }
                },
                "soak-" + name);
        thread.start();
        return thread;
    }

    private void observe() throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        long pause = Duration.ofSeconds(seconds).toNanos() / SAMPLES;
        while (System.nanoTime() < end && errors.isEmpty()) {
            LockSupport.parkNanos(pause);
            vitals.look();
        }
    }

    private void move() throws Exception {
        String engine = ENGINES.get(moves / 2 % ENGINES.size());
        String topic = moves % 2 == 0 ? RETAINED : COMPACTED;
        soon("engine:migrate", topic, engine, "--allow-volatile");
        awaitMigrations(topic, out -> out.split("\"following\"", -1).length - 1 == (topic.equals(RETAINED) ? 2 : 1));
        if (moves % 3 == 0) {
            soon("engine:rollback", topic);
            awaitMigrations(topic, out -> !out.contains("\"phase\""));
            soon("engine:migrate", topic, engine, "--allow-volatile");
            awaitMigrations(
                    topic, out -> out.split("\"following\"", -1).length - 1 == (topic.equals(RETAINED) ? 2 : 1));
        }
        soon("engine:finalise", topic);
        awaitMigrations(topic, out -> !out.contains("\"phase\""));
        moves++;
    }

    private void awaitMigrations(String topic, java.util.function.Predicate<String> wanted) {
        String[] last = {""};
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
                BrokerProcess.Result result = broker.command("engine:migrations", topic, "--json");
                last[0] = result.out();
                return result.exitCode() == 0 && wanted.test(result.out());
            });
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError(topic + " goes on as " + last[0], e);
        }
    }

    /** A command that may come while the engine that it needs is being replaced. */
    private void soon(String... command) {
        BrokerProcess.Result[] last = new BrokerProcess.Result[1];
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
                last[0] = broker.command(command);
                return last[0].exitCode() == 0;
            });
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError(String.join(" ", command) + ": " + last[0], e);
        }
    }

    private void update() throws Exception {
        int round = updates.get();
        String part = PARTS.get(round % PARTS.size());
        Path jar = PluginJar.withVersion(PluginJar.inDistribution(part), "0.1." + (3_000 + round), folder);
        soon("plugin:update", part, jar.toString(), "--yes");
        Files.delete(jar);
        updates.incrementAndGet();
        LockSupport.parkNanos(1_500_000_000L);
    }

    Vitals vitals() {
        return vitals;
    }

    Queue<String> errors() {
        return errors;
    }

    int moves() {
        return moves;
    }

    int updates() {
        return updates.get();
    }

    long acknowledged() {
        return acknowledged;
    }

    long followed() {
        return followed;
    }

    int keyed() {
        return keyed;
    }

    CompactedTopic.Found keys() {
        return keys;
    }

    /** Nothing was lost, duplicated or reordered in either topic. */
    boolean isWhole() {
        return errors.isEmpty() && followed == acknowledged && keys.wrongKeys() == 0L && keys.disorder() == 0L;
    }
}
