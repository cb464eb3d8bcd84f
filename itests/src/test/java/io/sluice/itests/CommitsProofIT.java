package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 while groups commit: no committed offset that was acknowledged is taken back. */
class CommitsProofIT {
    private static final String TOPIC = "committed";
    private static final int GROUPS = 4;
    private static final int PARTITIONS = 200;
    private static final long COMMITS_BETWEEN = 500L;

    @TempDir
    Path folder;

    private final Lock gate = new ReentrantLock();

    @Test
    void shouldKeepEveryAcknowledgedCommitWhenKilled() throws Exception {
        int kills = Proof.count("commits", 10);
        Random random = new Random(Long.getLong("proof.seed", 5L));
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            long lost = 0;
            List<Committer> committers = begin(broker);
            try (Admin admin = Clients.admin(broker.bootstrap())) {
                for (int kill = 0; kill < kills; kill++) {
                    awaitCommits(committers);
                    LockSupport.parkNanos(random.nextInt(100_000_000));
                    broker.kill();
                    gate.lock();
                    try {
                        broker.start();
                        lost += lost(committers, admin);
                    } finally {
                        gate.unlock();
                    }
                }
                awaitCommits(committers);
                end(committers);
                lost += lost(committers, admin);
            }
            Proof.named("commits")
                    .with("kills", kills)
                    .with("groups", GROUPS)
                    .with("acknowledged", acknowledged(committers))
                    .with("lost", lost)
                    .with("errors", errors(committers).size())
                    .print();
            assertThat(errors(committers)).isEmpty();
            assertThat(lost).isZero();
        }
    }

    @Test
    void shouldFindCommitsThatASabotagedBrokerLost() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startSabotaged("lose-commit", folder.resolve("data"));
                Admin admin = Clients.admin(broker.bootstrap())) {
            List<Committer> committers = begin(broker);
            awaitCommits(committers);
            end(committers);
            broker.kill();
            broker.start();
            long lost = lost(committers, admin);
            Proof.named("sabotage")
                    .with("kind", "lose-commit")
                    .with("acknowledged", acknowledged(committers))
                    .with("lost", lost)
                    .print();
            assertThat(lost).isPositive();
        }
    }

    private List<Committer> begin(BrokerProcess broker) throws Exception {
        Clients.createTopic(broker.bootstrap(), TOPIC, PARTITIONS, Map.of());
        List<Committer> committers = new ArrayList<>();
        for (int group = 0; group < GROUPS; group++) {
            committers.add(new Committer(broker.bootstrap(), TOPIC, PARTITIONS, "group-" + group, gate).begin());
        }
        return committers;
    }

    private static void end(List<Committer> committers) throws InterruptedException {
        for (Committer committer : committers) {
            committer.close();
        }
    }

    private static void awaitCommits(List<Committer> committers) {
        long target = acknowledged(committers) + COMMITS_BETWEEN;
        await().atMost(Duration.ofSeconds(60))
                .until(() -> acknowledged(committers) >= target
                        || !errors(committers).isEmpty());
    }

    private static long acknowledged(List<Committer> committers) {
        return committers.stream().mapToLong(Committer::acknowledged).sum();
    }

    private static List<String> errors(List<Committer> committers) {
        return committers.stream().flatMap(one -> one.errors().stream()).toList();
    }

    private static long lost(List<Committer> committers, Admin admin) throws Exception {
        long lost = 0;
        for (Committer committer : committers) {
            lost += committer.lost(admin);
        }
        return lost;
    }
}
