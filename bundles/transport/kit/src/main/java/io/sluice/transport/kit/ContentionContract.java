package io.sluice.transport.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.transport.api.Connection;
import io.sluice.transport.api.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What must hold when several things happen to a connection at once. */
public abstract class ContentionContract extends TransportContract {
    private static byte[] numbered(int number, int size) {
        return ByteBuffer.allocate(size).putInt(number).array();
    }

    @Test
    void shouldNotStallWhenPausedAndResumedFromAnotherThread() throws IOException {
        int frames = 5_000;
        echo();
        Peer peer = connect(open());
        Connection connection = link(0).connection();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> toggling = aside(() -> {
            while (!over.get()) {
                connection.pauseReading();
                connection.resumeReading();
            }
        });
        CompletableFuture<Void> writing = aside(() -> {
            for (int i = 0; i < frames; i += 50) {
                List<byte[]> bodies = new ArrayList<>();
                for (int n = i; n < i + 50; n++) {
                    bodies.add(numbered(n, 40));
                }
                peer.write(Frames.framed(bodies));
            }
        });

        for (int i = 0; i < frames; i++) {
            assertThat(ByteBuffer.wrap(Frames.read(peer)).getInt()).isEqualTo(i);
        }
        over.set(true);
        toggling.join();
        writing.join();
    }

    @Test
    void shouldHandOnOneFrameAtMostAfterEachPause() throws IOException {
        List<Integer> seen = new CopyOnWriteArrayList<>();
        handler.react((link, frame) -> {
            link.connection().pauseReading();
            seen.add(ByteBuffer.wrap(frame).getInt());
        });
        Peer peer = connect(open());
        List<byte[]> bodies = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            bodies.add(numbered(i, 4 + i * 100));
        }
        CompletableFuture<Void> writing = aside(() -> peer.write(Frames.framed(bodies)));

        for (int resumed = 0; seen.size() < bodies.size(); resumed++) {
            int least = resumed + 1;
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(() -> seen.size() >= least);
            assertThat(seen.size()).isLessThanOrEqualTo(2 * (resumed + 1));
            link(0).connection().resumeReading();
        }

        writing.join();
        for (int i = 0; i < bodies.size(); i++) {
            assertThat(seen.get(i)).isEqualTo(i);
        }
    }

    @Test
    void shouldHandOnNothingBehindTheFrameThatClosed() throws IOException {
        List<CountingRecords> sent = new CopyOnWriteArrayList<>();
        handler.react((link, frame) -> {
            for (int i = 0; i < 40; i++) {
                send(link.connection(), sent);
            }
            link.connection().close("enough");
            send(link.connection(), sent);
        });
        Peer peer = connect(open());
        peer.write(Frames.framed(Collections.nCopies(10, new byte[10])));

        awaitEnd(link(0));
        assertThat(link(0).endings()).containsExactly("enough");
        assertThat(link(0).frames()).isOne();
        await().untilAsserted(() -> assertThat(sent).hasSize(41).allMatch(records -> records.releases() == 1));
    }

    private static void send(Connection connection, List<CountingRecords> sent) {
        CountingRecords records = new CountingRecords();
        sent.add(records);
        connection.send(Frames.answer(new byte[100_000], records));
    }

    @Test
    void shouldReleaseOnceWhenThePeerLeavesWhileAnswersAreSent() throws IOException {
        releasesOnce((peer, connection, transport) -> peer.close());
    }

    @Test
    void shouldReleaseOnceWhenTheConnectionIsClosedWhileAnswersAreSent() throws IOException {
        releasesOnce((peer, connection, transport) -> connection.close("the test says so"));
    }

    @Test
    void shouldReleaseOnceWhenTheTransportIsClosedWhileAnswersAreSent() throws IOException {
        releasesOnce((peer, connection, transport) -> transport.close(1L));
    }

    private interface End {
        void happen(Peer peer, Connection connection, Transport transport) throws IOException;
    }

    private void releasesOnce(End end) throws IOException {
        for (int round = 0; round < 5; round++) {
            Transport transport = open();
            Peer peer = connect(transport);
            RecordingHandler.Link link = link(round);
            Connection connection = link.connection();
            List<CountingRecords> sent = Collections.synchronizedList(new ArrayList<>());
            List<CompletableFuture<Void>> senders = new ArrayList<>();
            AtomicInteger unreleased = new AtomicInteger();
            for (int i = 0; i < 2; i++) {
                senders.add(aside(() -> {
                    while (connection.isOpen() && unreleased.incrementAndGet() < 2_000) {
                        send(connection, sent);
                    }
                }));
            }
            int bytes = 100_000 + round * 300_000;
            assertThat(peer.read(bytes)).hasSize(bytes);

            end.happen(peer, connection, transport);

            senders.forEach(CompletableFuture::join);
            awaitEnd(link);
            send(connection, sent);
            await().untilAsserted(() -> assertThat(sent).allMatch(records -> records.releases() == 1));
            transport.close(0L);
            assertThat(sent).allMatch(records -> records.releases() == 1);
        }
    }

    @Test
    void shouldNoticeThatAPausedPeerIsGoneByWhatItIsOwed() throws IOException {
        List<CountingRecords> sent = new CopyOnWriteArrayList<>();
        handler.react((link, frame) -> {
            link.connection().pauseReading();
            for (int i = 0; i < 100; i++) {
                send(link.connection(), sent);
            }
        });
        Transport transport = open();
        Peer peer = connect(transport);
        peer.write(Frames.framed(new byte[1]));
        assertThat(peer.read(1_000)).hasSize(1_000);

        peer.close();

        awaitEnd(link(0));
        await().until(() -> transport.connectionCount() == 0);
        assertThat(sent).hasSize(100).allMatch(records -> records.releases() == 1);
    }

    @Test
    void shouldNoticeOnResumingThatAPausedPeerHasFinished() throws IOException {
        handler.react((link, frame) -> link.connection().pauseReading());
        Peer peer = connect(open());
        peer.write(Frames.framed(new byte[1]));
        await().until(() -> link(0).frames() == 1);
        peer.write(Frames.framed(new byte[2]));
        peer.shutdownOutput();

        link(0).connection().resumeReading();
        await().until(() -> link(0).frames() == 2);
        link(0).connection().resumeReading();

        awaitEnd(link(0));
    }

    @Test
    void shouldLoseNoAnswerWhenItClosesWhileThePeerGoesOnWriting() throws IOException {
        int answers = 40;
        handler.react((link, frame) -> {
            for (int i = 0; i < answers; i++) {
                link.connection().send(Frames.answer(numbered(i, 100_000)));
            }
        });
        Transport transport = open();
        Peer peer = connect(transport);
        peer.write(Frames.framed(new byte[0]));
        await().until(() -> link(0).frames() == 1);
        transport.stopReading();
        CompletableFuture<Void> writing = aside(() -> {
            for (int i = 0; i < 1_000; i++) {
                peer.write(Frames.framed(new byte[3_000]));
            }
        });
        CompletableFuture<Void> closing = aside(() -> transport.close(CLOSE_MS));

        for (int i = 0; i < answers; i++) {
            assertThat(Frames.read(peer)).isEqualTo(numbered(i, 100_000));
        }
        assertThat(peer.read(1)).as("the end, and no reset").isEmpty();
        writing.join();
        peer.close();
        closing.join();
        assertThat(link(0).frames()).isOne();
        awaitEnd(link(0));
    }
}
