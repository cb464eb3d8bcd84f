package io.sluice.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Starts a broker in a temporary directory, lets a producer and a consumer work on it, replaces its storage engine and its
 * transport under them, and counts. Ends with 0 when nothing was lost or repeated and no client saw an error.
 */
public final class Demo {
    private static final int PARTITIONS = 4;
    private static final int RECORDS_IN_TICK = 10;
    private static final int ROUNDS = 3;
    private static final long BETWEEN_MS = 3_000L;
    private static final long LAST_MS = 30_000L;
    private static final long SHOW_MS = 200L;
    private static final List<String> PARTS = List.of("io.sluice.storage.segment", "io.sluice.transport.mina");

    private final Path home;
    private final Path folder;
    private final Screen screen = new Screen();
    private final Tally tally = new Tally(PARTITIONS);

    private Demo(Path home, Path folder) {
        this.home = home;
        this.folder = folder;
    }

    public static void main(String[] args) throws IOException {
        Path home = Path.of(System.getProperty("sluice.home", ".")).toAbsolutePath();
        Path folder = Files.createTempDirectory("sluice-demo");
        int code;
        try {
            code = new Demo(home, folder).run() ? 0 : 1;
        } catch (IOException | ExecutionException e) {
            System.out.println("The demo failed: " + e.getMessage());
            code = 1;
        } catch (InterruptedException e) {
            System.out.println("The demo was interrupted");
            code = 1;
        } finally {
            delete(folder);
        }
        System.exit(code);
    }

    private boolean run() throws IOException, InterruptedException, ExecutionException {
        screen.say("Starting a broker in " + folder);
        try (ChildBroker broker = ChildBroker.start(home, folder)) {
            Thread hook = new Thread(broker::close, "stop");
            Runtime.getRuntime().addShutdownHook(hook);
            String endpoint = broker.endpoint();
            Traffic traffic = new Traffic(endpoint, PARTITIONS, RECORDS_IN_TICK, tally);
            screen.say("It is ready on " + endpoint + ". Apache Kafka's Java clients make the topic \""
                    + traffic.createTopic() + "\", write and read it.");
            traffic.begin();
            show(() -> tally.read() > 0, LAST_MS);
            for (int round = 1; round <= ROUNDS; round++) {
                for (String part : PARTS) {
                    show(() -> false, BETWEEN_MS);
                    replace(broker, part, "0.1." + (100 + round));
                }
            }
            show(() -> false, BETWEEN_MS);
            traffic.stopWriting();
            show(() -> tally.read() >= tally.acknowledged(), LAST_MS);
            traffic.stopReading();
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return verdict();
    }

    private void replace(ChildBroker broker, String part, String version) throws IOException, InterruptedException {
        Path jar = VersionedJar.of(home.resolve("system"), part, version, folder);
        tally.takePauseMs();
        long written = tally.acknowledged();
        broker.command("plugin:update", part, jar.toString(), "--yes");
        if (!broker.command("plugin:list", "--json").contains(version)) {
            throw new IOException(part + " " + version + " is not what runs after plugin:update");
        }
        show(() -> tally.acknowledged() > written, LAST_MS);
        screen.say(String.format(
                Locale.ROOT, "* %s is %s now; writing paused for %d ms", part, version, tally.takePauseMs()));
        Files.delete(jar);
    }

    /** Shows the counts until something holds, or the time is over. */
    private void show(BooleanSupplier until, long atMostMs) throws InterruptedException {
        long end = System.nanoTime() + atMostMs * 1_000_000L;
        while (!until.getAsBoolean() && tally.errors().isEmpty() && System.nanoTime() - end < 0) {
            screen.counts(tally);
            Thread.sleep(SHOW_MS);
        }
    }

    private boolean verdict() {
        boolean good = tally.acknowledged() > 0
                && tally.lost() == 0
                && tally.repeated() == 0
                && tally.errors().isEmpty();
        tally.errors().stream().limit(5).forEach(screen::say);
        screen.say(String.format(
                Locale.ROOT,
                "written %,d   read %,d   lost %d   repeated %d   errors %d   longest pause %d ms",
                tally.acknowledged(),
                tally.read(),
                tally.lost(),
                tally.repeated(),
                tally.errors().size(),
                tally.longestPauseMs()));
        screen.say(
                good
                        ? "GOOD: " + ROUNDS * PARTS.size()
                                + " times a part was replaced while records flowed, and nothing was lost."
                        : "BAD: the clients saw more than a pause.");
        return good;
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
