package io.sluice.itests;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Moves one topic by the commands of the shell, and kills the broker in the middle where its engines survive that. */
final class MigrationRun {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int KILL_WITHIN_MS = 400;
    private static final Pattern STALL = Pattern.compile("\"stall-ms\"\\s*:\\s*([0-9.]+)");
    private static final Pattern PHASE = Pattern.compile("\"phase\"\\s*:\\s*\"([^\"]*)\"");

    private final BrokerProcess broker;
    private final String topic;
    private final TreeSet<String> used = new TreeSet<>();
    private double longestStallMs;

    MigrationRun(BrokerProcess broker, String topic) {
        this.broker = broker;
        this.topic = topic;
    }

    /** An engine other than the segment engine: one that survives the end of the process, where there is one. */
    String target(Random random) throws Exception {
        boolean mapdb = broker.must("engine:list", "--json").contains("\"mapdb\"");
        return mapdb && random.nextInt(4) > 0 ? "mapdb" : "memory";
    }

    String engines() {
        used.add("segment");
        return String.join(",", used);
    }

    /** The longest stall that was seen since the last call. */
    double takeLongestStallMs() {
        double longest = longestStallMs;
        longestStallMs = 0.0;
        return longest;
    }

    /** Moves the topic there, and waits until all of it is. */
    void move(String engine) throws Exception {
        used.add(engine);
        broker.must("engine:migrate", topic, engine, "--allow-volatile");
        awaitPhase("following");
    }

    /**
     * There and back, with a kill on the way there and one on the way back, at moments within them. What a volatile engine serves is
     * not killed: it says that it forgets, and is asked for by a flag.
     *
     * @return how many kills there were
     */
    int thereAndBack(String engine, Random random) throws Exception {
        boolean survives = !engine.equals("memory");
        int kills = 0;
        used.add(engine);
        broker.must("engine:migrate", topic, engine, "--allow-volatile", "--throttle", "200000");
        LockSupport.parkNanos(random.nextInt(KILL_WITHIN_MS) * 1_000_000L);
        if (survives || phases().stream().allMatch("copying"::equals)) {
            kill();
            kills++;
        }
        broker.must("engine:throttle", topic, "0");
        awaitPhase("following");
        if (survives) {
            LockSupport.parkNanos(random.nextInt(KILL_WITHIN_MS) * 1_000_000L);
            kill();
            kills++;
            awaitPhase("following");
        }
        broker.must("engine:rollback", topic);
        if (survives) {
            LockSupport.parkNanos(random.nextInt(KILL_WITHIN_MS) * 1_000_000L);
            kill();
            kills++;
        }
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> phases().isEmpty());
        return kills;
    }

    private void kill() throws Exception {
        broker.kill();
        broker.start();
    }

    private void awaitPhase(String phase) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> !phases().isEmpty() && phases().stream().allMatch(phase::equals));
    }

    private List<String> phases() throws Exception {
        String out = broker.must("engine:migrations", topic, "--json");
        Matcher stalls = STALL.matcher(out);
        while (stalls.find()) {
            longestStallMs = Math.max(longestStallMs, Double.parseDouble(stalls.group(1)));
        }
        List<String> phases = new ArrayList<>();
        Matcher matcher = PHASE.matcher(out);
        while (matcher.find()) {
            phases.add(matcher.group(1));
        }
        return phases;
    }
}
