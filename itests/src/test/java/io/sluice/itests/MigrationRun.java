package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Moves one topic from engine to engine by the commands of the shell, so that each of the six ways between the three engines is gone in
 * turn, and kills the broker at random moments of a move. What a volatile engine serves is not killed: it says that it forgets.
 */
final class MigrationRun {
    /** Each move begins where the one before ended; the last ends where the first begins. */
    private static final List<String> CIRCUIT = List.of("segment", "mapdb", "segment", "memory", "mapdb", "memory");

    /** So many moves are a circuit. */
    static final int MOVES = 6;

    private static final String VOLATILE = "memory";
    private static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final Pattern PHASE = Pattern.compile("\"phase\"\\s*:\\s*\"([^\"]*)\"");
    private static final Pattern KEPT_PHASE = Pattern.compile("(?m)^phase=(\\w+)$");
    private static final Pattern STALL = Pattern.compile("nobody could write for ([0-9.]+) ms");

    private final BrokerProcess broker;
    private final String topic;
    private final Random random;
    private final Map<String, Integer> killedIn = new TreeMap<>();
    private int moves;
    private int kills;
    private int returns;

    MigrationRun(BrokerProcess broker, String topic, Random random) {
        this.broker = broker;
        this.topic = topic;
        this.random = random;
    }

    int kills() {
        return kills;
    }

    /** How many of the moves were rolled back before the move was made for good. */
    int returns() {
        return returns;
    }

    /** In which phases of a partition's move the broker was killed, and how often; as it had kept them itself. */
    Map<String, Integer> killedIn() {
        return killedIn;
    }

    /** The times for which nobody could write to a partition, of all cut-overs that the broker's log file tells of. */
    static double[] stallsMs(BrokerProcess broker) throws IOException {
        StringBuilder log = new StringBuilder();
        try (Stream<Path> files = Files.list(broker.data().resolve("log"))) {
            for (Path file : files.toList()) {
                log.append(Files.readString(file));
            }
        }
        return STALL.matcher(log)
                .results()
                .mapToDouble(result -> Double.parseDouble(result.group(1)))
                .sorted()
                .toArray();
    }

    /** Moves the topic on, for good; now and then it goes there, back, and there again. */
    void next() throws Exception {
        String from = CIRCUIT.get(moves % CIRCUIT.size());
        String to = CIRCUIT.get((moves + 1) % CIRCUIT.size());
        moves++;
        boolean durable = !from.equals(VOLATILE) && !to.equals(VOLATILE);
        if (random.nextInt(2) == 0) {
            there(from, to);
            broker.must("engine:rollback", topic);
            killSometimes(durable, 150);
            awaitEnd();
            returns++;
        }
        there(from, to);
        finalise();
        killSometimes(!to.equals(VOLATILE), 60);
        awaitEnd();
    }

    /** After a kill the partitions may be opened still when the broker says that it is ready. */
    private void finalise() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            BrokerProcess.Result result = broker.command("engine:finalise", topic);
            assertThat(result.exitCode() == 0 || result.err().contains("is not online"))
                    .as(result.err())
                    .isTrue();
            return result.exitCode() == 0;
        });
    }

    /** Moves the topic there, and waits until all of it is. */
    void there(String from, String to) throws Exception {
        // Slower than what is written, so that the copy cannot come into step.
        broker.must("engine:migrate", topic, to, "--allow-volatile", "--throttle", "100000");
        killSometimes(!from.equals(VOLATILE), 500);
        broker.must("engine:throttle", topic, "0");
        killSometimes(!from.equals(VOLATILE) && !to.equals(VOLATILE), 250);
        awaitAll("following");
        killSometimes(!to.equals(VOLATILE), 300);
        awaitAll("following");
    }

    /** Every second time, if what serves or is about to serve survives it; at a moment within so many milliseconds. */
    private void killSometimes(boolean survives, int withinMs) throws Exception {
        boolean wanted = random.nextInt(2) == 0;
        LockSupport.parkNanos(random.nextInt(withinMs) * 1_000_000L);
        if (!survives || !wanted) {
            return;
        }
        broker.kill();
        killedIn.merge(kept(), 1, Integer::sum);
        kills++;
        broker.start();
    }

    /** What the files of the move say while there is no broker, and whether one was about to be replaced. */
    private String kept() throws IOException {
        Path folder = broker.data().resolve("migrations");
        if (!Files.isDirectory(folder)) {
            return "none";
        }
        List<String> phases = new ArrayList<>();
        boolean cutting = false;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                cutting |= file.toString().endsWith(".next");
                Matcher phase = KEPT_PHASE.matcher(Files.readString(file));
                if (file.toString().endsWith(".migration") && phase.find()) {
                    phases.add(phase.group(1).toLowerCase(java.util.Locale.ROOT));
                }
            }
        }
        String all = phases.stream().distinct().sorted().collect(Collectors.joining("+"));
        return (all.isEmpty() ? "none" : all) + (cutting ? "+preparing" : "");
    }

    private void awaitAll(String phase) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !phases().isEmpty() && phases().stream().allMatch(phase::equals));
    }

    private void awaitEnd() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> phases().isEmpty());
    }

    private List<String> phases() throws Exception {
        List<String> phases = new ArrayList<>();
        Matcher matcher = PHASE.matcher(broker.must("engine:migrations", topic, "--json"));
        while (matcher.find()) {
            phases.add(matcher.group(1));
        }
        return phases;
    }
}
