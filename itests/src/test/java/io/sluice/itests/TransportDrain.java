package io.sluice.itests;

import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;

/**
 * What peers without a client library see when the transport is stopped under them. Some produce with several requests in
 * flight, some read large answers, and some wait for records that do not come.
 *
 * @param answered produce requests that were acknowledged
 * @param unacknowledged records that were written although their request was never answered
 * @param unanswered waiting fetches whose connection ended without the answer they were owed
 * @param truncated connections that ended in the middle of an answer
 * @param resets connections that ended by a reset
 * @param errors answers with an error
 */
record TransportDrain(long answered, long unacknowledged, long unanswered, long truncated, long resets, long errors) {
    private static final String TRANSPORT = "io.sluice.transport.mina";
    private static final int PEERS_OF_A_KIND = 4;
    private static final int PIPELINED = 4;
    private static final int ANSWERS_BEFORE = 200;
    private static final int PRELOADED_BYTES = 900_000;
    private static final int WAIT_MS = 30_000;

    boolean isClean() {
        return unacknowledged == 0 && unanswered == 0 && truncated == 0 && resets == 0 && errors == 0;
    }

    /** Stops and starts the transport under raw peers so many times. */
    static TransportDrain observe(BrokerProcess broker, int rounds) throws Exception {
        for (String topic : List.of("written", "large", "quiet")) {
            Clients.createTopic(broker.bootstrap(), topic, 1, Map.of());
        }
        preload(broker);
        Tally tally = new Tally();
        for (int round = 0; round < rounds; round++) {
            round(broker, tally);
        }
        long written = endOffset(broker, "written");
        return new TransportDrain(
                tally.acknowledged.get(),
                written - tally.acknowledged.get(),
                tally.unanswered,
                tally.truncated,
                tally.resets,
                tally.errors.get());
    }

    private static final class Tally {
        final AtomicLong acknowledged = new AtomicLong();
        final AtomicLong errors = new AtomicLong();
        long unanswered;
        long truncated;
        long resets;

        void produceAnswer(byte[] answer) {
            if (Frames.produceError(answer) == 0) {
                acknowledged.incrementAndGet();
            } else {
                errors.incrementAndGet();
            }
        }

        void ended(RawPeer peer) throws InterruptedException {
            switch (peer.awaitEnd()) {
                case CLEAN -> {}
                case TRUNCATED -> truncated++;
                case RESET -> resets++;
                case OPEN -> throw new AssertionError("a connection outlived its transport");
            }
        }
    }

    private static void round(BrokerProcess broker, Tally tally) throws Exception {
        List<RawPeer> waiting = new ArrayList<>();
        List<RawPeer> busy = new ArrayList<>();
        try {
            for (int i = 0; i < PEERS_OF_A_KIND; i++) {
                waiting.add(RawPeer.once(broker.port(), Frames.fetch("quiet", WAIT_MS, 1, 1 << 20)));
            }
            for (int i = 0; i < PEERS_OF_A_KIND; i++) {
                busy.add(RawPeer.pipelining(
                        broker.port(), Frames.produce("written", new byte[1_000]), PIPELINED, tally::produceAnswer));
                busy.add(RawPeer.pipelining(broker.port(), Frames.fetch("large", 0, 1, 1 << 20), 2, answer -> {}));
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> busy.stream().allMatch(peer -> peer.answers() >= ANSWERS_BEFORE));
            broker.must("bundle:stop", TRANSPORT);
            for (RawPeer peer : waiting) {
                tally.ended(peer);
                tally.unanswered += 1 - peer.answers();
            }
            for (RawPeer peer : busy) {
                tally.ended(peer);
            }
        } finally {
            for (RawPeer peer : waiting) {
                peer.close();
            }
            for (RawPeer peer : busy) {
                peer.close();
            }
        }
        broker.must("bundle:start", TRANSPORT);
        broker.awaitListening();
    }

    private static void preload(BrokerProcess broker) throws Exception {
        try (RawPeer peer = RawPeer.once(
                broker.port(),
                Frames.produce("large", ByteBuffer.allocate(PRELOADED_BYTES).array()))) {
            await().atMost(Duration.ofSeconds(10)).until(() -> peer.answers() == 1);
        }
    }

    private static long endOffset(BrokerProcess broker, String topic) {
        try (var consumer = Clients.consumer(broker.bootstrap())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            return consumer.endOffsets(List.of(partition)).get(partition);
        }
    }
}
