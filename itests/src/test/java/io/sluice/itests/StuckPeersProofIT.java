package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The transport is updated under load while some of its peers never close, and while a group rebalances without an end,
 * because one of its members does not poll: nobody else has to wait for them.
 */
class StuckPeersProofIT {
    private static final String TRANSPORT = "io.sluice.transport.mina";
    private static final int PEERS_A_ROUND = 3;

    @TempDir
    Path folder;

    @Test
    void shouldNotWaitForPeersThatAreStuckWhenTheTransportIsUpdated() throws Exception {
        Path original = PluginJar.inDistribution(TRANSPORT);
        Path data = folder.resolve("data");
        List<Socket> peers = new ArrayList<>();
        UnderLoad proof = new UnderLoad("stuck-peers", TRANSPORT, "updates", Proof.count("stuck", 5));
        try (Rebalance rebalance = new Rebalance()) {
            proof.prove(data, (broker, round) -> {
                rebalance.begin(broker);
                for (int i = 0; i < PEERS_A_ROUND; i++) {
                    peers.add(new Socket(InetAddress.getLoopbackAddress(), broker.port()));
                }
                Path jar = PluginJar.withVersion(original, "0.1." + (1_000 + round), folder);
                broker.must("plugin:update", TRANSPORT, jar.toString(), "--yes");
                Files.delete(jar);
            });
        } finally {
            for (Socket peer : peers) {
                peer.close();
            }
        }
        assertThat(linesOf(data.resolve("log")))
                .as("drains that a request in flight held up")
                .noneMatch(line -> line.contains("without having answered"));
    }

    private static List<String> linesOf(Path logs) throws IOException {
        List<String> lines = new ArrayList<>();
        try (var files = Files.list(logs)) {
            for (Path file : files.toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        assertThat(lines)
                .as("what the listeners say when they close")
                .anyMatch(line -> line.contains("stopped reading"));
        return lines;
    }

    /** A member of a group that has stopped polling, and one that has been waiting for it since. */
    private static final class Rebalance implements AutoCloseable {
        private KafkaConsumer<byte[], byte[]> silent;
        private Thread joining;
        private volatile boolean stopping;

        void begin(BrokerProcess broker) throws Exception {
            if (silent != null) {
                return;
            }
            Clients.createTopic(broker.bootstrap(), "rebalanced", 2, Map.of());
            silent = Clients.consumer(broker.bootstrap(), "group.id", "rebalancing");
            silent.subscribe(List.of("rebalanced"));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                silent.poll(Duration.ofMillis(50));
                return !silent.assignment().isEmpty();
            });
            joining = new Thread(() -> join(broker.bootstrap()), "joining");
            joining.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> broker.must("group:describe", "rebalancing", "--json")
                    .toLowerCase(java.util.Locale.ROOT)
                    .contains("rebalance"));
        }

        private void join(String bootstrap) {
            try (KafkaConsumer<byte[], byte[]> member = Clients.consumer(bootstrap, "group.id", "rebalancing")) {
                member.subscribe(List.of("rebalanced"));
                while (!stopping) {
                    member.poll(Duration.ofMillis(100));
                }
            }
        }

        @Override
        public void close() throws InterruptedException {
            stopping = true;
            if (joining != null) {
                joining.join(60_000L);
            }
            if (silent != null) {
                silent.close(Duration.ofSeconds(1));
            }
        }
    }
}
