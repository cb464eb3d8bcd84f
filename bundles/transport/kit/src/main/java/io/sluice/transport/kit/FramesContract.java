package io.sluice.transport.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.transport.api.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Frames in, and what keeps them out. */
public abstract class FramesContract extends TransportContract {
    private static List<byte[]> bodies(int... sizes) {
        List<byte[]> bodies = new ArrayList<>();
        for (int size : sizes) {
            bodies.add(Frames.body(size, size));
        }
        return bodies;
    }

    @Test
    void shouldHandOverFramesOfAllSizesWhole() throws IOException {
        Peer peer = connect(open());
        List<byte[]> sent = bodies(1, 100, 0, 65_536, 3, 300_000, 5_000_000, 7);

        for (byte[] body : sent) {
            peer.write(Frames.framed(body));
        }

        await().until(() -> link(0).frames() == sent.size());
        assertThat(link(0).kept()).containsExactlyElementsOf(sent);
        assertThat(link(0).overlaps()).isZero();
    }

    @Test
    void shouldJoinFramesThatComeByteByByte() throws IOException {
        Peer peer = connect(open());
        List<byte[]> sent = bodies(5, 0, 17, 1, 300);

        for (byte one : Frames.framed(sent)) {
            peer.write(new byte[] {one});
        }

        await().until(() -> link(0).frames() == sent.size());
        assertThat(link(0).kept()).containsExactlyElementsOf(sent);
    }

    @Test
    void shouldSplitManyFramesOfOneWrite() throws IOException {
        Peer peer = connect(open());
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            sent.add(Frames.body((i * 37) % 1_500, i));
        }

        peer.write(Frames.framed(sent));

        await().until(() -> link(0).frames() == sent.size());
        assertThat(link(0).kept()).containsExactlyElementsOf(sent);
    }

    @Test
    void shouldCloseAConnectionThatAnnouncesANegativeSize() throws IOException {
        refusesSize(-1);
    }

    @Test
    void shouldCloseAConnectionThatAnnouncesAFrameAboveTheLimit() throws IOException {
        refusesSize(1_001);
        refusesSize(Integer.MAX_VALUE);
    }

    private void refusesSize(int announced) throws IOException {
        echo();
        Transport transport = open(limited(1_000, 100, 100, 0));
        int first = handler.links().size();
        Peer good = connect(transport);
        RecordingHandler.Link goodLink = link(first);
        Peer bad = connect(transport);
        RecordingHandler.Link badLink = link(first + 1);

        bad.write(Frames.size(announced));

        awaitEnd(badLink);
        assertThat(badLink.endings().get(0)).contains(String.valueOf(announced));
        assertThat(badLink.frames()).isZero();
        assertThat(isOver(bad)).isTrue();
        good.write(Frames.framed(new byte[1_000]));
        assertThat(Frames.read(good)).hasSize(1_000);
        assertThat(goodLink.endings()).isEmpty();
    }

    @Test
    void shouldAnswerWhatCameBeforeABadFrame() throws IOException {
        echo();
        Peer peer = connect(open(limited(1_000, 100, 100, 0)));
        byte[] body = Frames.body(10, 1);
        byte[] both = Arrays.copyOf(Frames.framed(body), 18);
        Arrays.fill(both, 14, 18, (byte) -1);

        peer.write(both);

        assertThat(Frames.read(peer)).isEqualTo(body);
        assertThat(isOver(peer)).isTrue();
    }

    @Test
    void shouldNotHandOverAFrameThatIsCutOff() throws IOException {
        Peer peer = connect(open());
        byte[] half = Arrays.copyOf(Frames.framed(new byte[1_000]), 500);

        peer.write(half);
        peer.shutdownOutput();

        awaitEnd(link(0));
        assertThat(link(0).frames()).isZero();
        assertThat(isOver(peer)).isTrue();
    }

    @Test
    void shouldCloseOnlyTheConnectionWhoseFrameCouldNotBeHandled() throws IOException {
        Transport transport = open();
        Peer good = connect(transport);
        link(0);
        handler.react((link, frame) -> {
            if (frame.length == 1) {
                throw new AssertionError("thrown by the test");
            }
            if (frame.length == 2) {
                throw new IllegalStateException("thrown by the test");
            }
            link.connection().send(Frames.answer(frame));
        });

        for (int size = 1; size <= 2; size++) {
            Peer bad = connect(transport);
            bad.write(Frames.framed(new byte[size]));
            awaitEnd(link(size));
            assertThat(isOver(bad)).isTrue();
        }

        good.write(Frames.framed(new byte[3]));
        assertThat(Frames.read(good)).hasSize(3);
        Peer later = connect(transport);
        later.write(Frames.framed(new byte[4]));
        assertThat(Frames.read(later)).hasSize(4);
    }

    @Test
    void shouldHoldFramesBackWhilePaused() throws IOException {
        handler.react((link, frame) -> {
            link.keep(frame);
            link.connection().pauseReading();
        });
        Peer peer = connect(open());
        List<byte[]> sent = bodies(10, 20, 30, 40, 70_000, 50);

        peer.write(Frames.framed(sent));

        for (int i = 1; i <= sent.size(); i++) {
            int expected = i;
            await().until(() -> link(0).frames() >= expected);
            await().during(Duration.ofMillis(30)).until(() -> link(0).frames() <= expected + 1);
            link(0).connection().resumeReading();
        }
        await().until(() -> link(0).frames() == sent.size());
        assertThat(link(0).kept()).containsExactlyElementsOf(sent);
    }

    @Test
    void shouldGoOnAtOnceWhenReadingIsResumed() throws IOException {
        echo();
        Peer peer = connect(open());
        RecordingHandler.Link link = link(0);
        long begin = System.nanoTime();

        for (int i = 0; i < 50; i++) {
            link.connection().pauseReading();
            peer.write(Frames.framed(new byte[i]));
            link.connection().resumeReading();
            assertThat(Frames.read(peer)).hasSize(i);
        }

        assertThat(System.nanoTime() - begin).isLessThan(10_000_000_000L);
    }

    @Test
    void shouldHandOnNothingOnceReadingWasStopped() throws IOException {
        AtomicInteger frames = new AtomicInteger();
        handler.react((link, frame) -> frames.incrementAndGet());
        Transport transport = open();
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Peer peer = connect(transport);
            writers.add(aside(() -> {
                byte[] many = Frames.framed(Collections.nCopies(100, new byte[100]));
                for (int n = 0; n < 100_000; n++) {
                    peer.write(many);
                }
            }));
        }
        await().until(() -> frames.get() > 1_000);

        transport.stopReading();

        int then = frames.get();
        await().during(QUIET).until(() -> frames.get() == then);
        transport.close(0L);
        for (CompletableFuture<Void> writer : writers) {
            await().until(writer::isDone);
        }
        assertThat(frames.get()).isEqualTo(then);
    }

    @Test
    void shouldRefuseConnectionsAboveTheLimit() throws IOException {
        echo();
        Transport transport = open(limited(1_000, 2, 100, 0));
        refusesAThird(transport);
    }

    @Test
    void shouldRefuseConnectionsOfOneAddressAboveTheLimit() throws IOException {
        echo();
        Transport transport = open(limited(1_000, 100, 2, 0));
        refusesAThird(transport);
    }

    private void refusesAThird(Transport transport) throws IOException {
        Peer first = connect(transport);
        Peer second = connect(transport);
        link(1);

        assertThat(isOver(connect(transport))).isTrue();

        second.write(Frames.framed(new byte[9]));
        assertThat(Frames.read(second)).hasSize(9);
        assertThat(handler.links()).hasSize(2);
        first.close();
        await().until(() -> transport.connectionCount() == 1);
        Peer fourth = connect(transport);
        fourth.write(Frames.framed(new byte[8]));
        assertThat(Frames.read(fourth)).hasSize(8);
    }

    @Test
    void shouldCloseAConnectionWithoutTraffic() throws IOException {
        Peer peer = connect(open(limited(1_000, 100, 100, 1_000)));

        assertThat(isOver(peer)).isTrue();

        awaitEnd(link(0));
        assertThat(link(0).endings().get(0)).contains("no traffic");
    }
}
