package io.sluice.transport.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.OutboundFrame;
import io.sluice.storage.api.FileSlice;
import io.sluice.storage.api.SharedFile;
import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers out: whole, in order, released once. */
public abstract class AnswersContract extends TransportContract {
    @TempDir
    Path directory;

    /** Answers that wait because the peer does not read. */
    private record Backlog(Transport transport, Peer peer, List<CountingRecords> frames) {
        void assertReleasedOnce() {
            assertThat(frames).allMatch(records -> records.releases() == 1);
        }
    }

    private SharedFile file(byte[] content) throws IOException {
        Path path = Files.write(directory.resolve("log-" + content.length), content);
        return new SharedFile(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    private static FileSlice slice(SharedFile file, long position, int size) {
        assertThat(file.retain()).isTrue();
        return new FileSlice(file, position, size);
    }

    @Test
    void shouldAnswerFromWithinTheFrame() throws IOException {
        echo();
        Peer peer = connect(open());
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            sent.add(Frames.body(i * 11, i));
        }
        CompletableFuture<Void> writing = aside(() -> peer.write(Frames.framed(sent)));

        for (byte[] body : sent) {
            assertThat(Frames.read(peer)).isEqualTo(body);
        }
        writing.join();
    }

    @Test
    void shouldNotMixFramesOfManyThreads() throws IOException {
        int senders = 8;
        int each = 300;
        Peer peer = connect(open());
        RecordingHandler.Link link = link(0);
        for (int i = 0; i < senders; i++) {
            int sender = i;
            aside(() -> {
                for (int n = 0; n < each; n++) {
                    byte[] body = Frames.body(8 + n * 29 % 9_000, n);
                    ByteBuffer.wrap(body).putInt(sender).putInt(n);
                    link.connection().send(Frames.answer(body));
                }
            });
        }

        int[] next = new int[senders];
        for (int i = 0; i < senders * each; i++) {
            byte[] body = Frames.read(peer);
            ByteBuffer view = ByteBuffer.wrap(body);
            int sender = view.getInt();
            int n = view.getInt();
            assertThat(n).isEqualTo(next[sender]++);
            byte[] expected = Frames.body(8 + n * 29 % 9_000, n);
            assertThat(Arrays.copyOfRange(body, 8, body.length))
                    .isEqualTo(Arrays.copyOfRange(expected, 8, expected.length));
        }
        assertThat(next).containsOnly(each);
    }

    @Test
    void shouldNotReadFromAPeerThatDoesNotRead() throws IOException {
        int requests = 3_000;
        byte[] answer = Frames.body(32 * 1024, 1);
        handler.react((link, frame) -> link.connection().send(Frames.answer(answer)));
        Peer peer = connect(open(limited(1 << 20, 10, 10, 0)));
        CompletableFuture<Void> writing = aside(() -> {
            for (int i = 0; i < requests; i++) {
                peer.write(Frames.framed(new byte[8_000]));
            }
        });

        RecordingHandler.Link link = link(0);
        AtomicInteger before = new AtomicInteger();
        await().until(() -> {
            int now = link.frames();
            return now > 0 && before.getAndSet(now) == now;
        });
        assertThat(link.frames()).isLessThan(requests);
        assertThat(writing).isNotDone();

        for (int i = 0; i < requests; i++) {
            assertThat(Frames.read(peer)).isEqualTo(answer);
        }
        writing.join();
        assertThat(link.frames()).isEqualTo(requests);
    }

    @Test
    void shouldSendWhilePausedAndResumed() throws IOException {
        byte[] answer = Frames.body(3_000_000, 5);
        Peer peer = connect(open());
        RecordingHandler.Link link = link(0);
        CompletableFuture<Void> sending = aside(() -> {
            for (int i = 0; i < 10; i++) {
                link.connection().pauseReading();
                link.connection().send(Frames.answer(answer));
                link.connection().resumeReading();
                link.connection().pauseReading();
            }
        });

        for (int i = 0; i < 10; i++) {
            assertThat(Frames.read(peer)).isEqualTo(answer);
        }
        sending.join();
    }

    @Test
    void shouldSendSlicesOfFilesIntact() throws IOException {
        byte[] content = Frames.body(6_000_000, 3);
        SharedFile file = file(content);
        Peer peer = connect(open());
        RecordingHandler.Link link = link(0);
        byte[] head = Frames.body(60, 4);
        CompletableFuture<Void> sending = aside(() -> {
            link.connection().send(Frames.answer(head, slice(file, 0, content.length)));
            link.connection().send(Frames.answer(head, slice(file, 17, 1), slice(file, 99, 5_000)));
            link.connection()
                    .send(Frames.answer(
                            head,
                            slice(file, 5_999_000, 1_000),
                            new ByteBufferRecords(ByteBuffer.wrap(content, 5, 50_000)),
                            slice(file, 1_000_000, 3_000_000)));
            link.connection().send(Frames.answer(head));
        });

        assertThat(Frames.read(peer)).isEqualTo(around(head, content));
        assertThat(Frames.read(peer))
                .isEqualTo(around(head, Arrays.copyOfRange(content, 17, 18), Arrays.copyOfRange(content, 99, 5_099)));
        assertThat(Frames.read(peer))
                .isEqualTo(around(
                        head,
                        Arrays.copyOfRange(content, 5_999_000, 6_000_000),
                        Arrays.copyOfRange(content, 5, 50_005),
                        Arrays.copyOfRange(content, 1_000_000, 4_000_000)));
        assertThat(Frames.read(peer)).isEqualTo(head);
        sending.join();
        file.release();
        await().until(() -> !file.channel().isOpen());
    }

    private static byte[] around(byte[] head, byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(head, 0, head.length / 2);
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        all.write(head, head.length / 2, head.length - head.length / 2);
        return all.toByteArray();
    }

    @Test
    void shouldCloseAConnectionWhoseSliceWasTruncated() throws IOException {
        SharedFile file = file(Frames.body(1_000, 1));
        Peer peer = connect(open());
        RecordingHandler.Link link = link(0);
        FileSlice slice = slice(file, 0, 1_000);
        file.markTruncated(500);

        link.connection().send(Frames.answer(new byte[10], slice));

        awaitEnd(link);
        file.release();
        assertThat(file.channel().isOpen()).isFalse();
        assertThat(peer.read(2_000).length).isLessThan(1_014);
    }

    @Test
    void shouldCloseAConnectionWhoseFileIsShorterThanItsSlice() throws IOException {
        byte[] content = Frames.body(50_000_000, 1);
        SharedFile file = file(content);
        Peer peer = connect(open());
        RecordingHandler.Link link = link(0);
        link.connection().send(Frames.answer(new byte[10], slice(file, 0, content.length)));

        file.channel().truncate(1_000);
        assertThat(peer.read(content.length).length).isLessThan(content.length);

        awaitEnd(link);
        file.release();
        assertThat(file.channel().isOpen()).isFalse();
    }

    @Test
    void shouldReleaseAFrameOnceWhenItWasWritten() throws IOException {
        CountingRecords records = new CountingRecords();
        Peer peer = connect(open());

        link(0).connection().send(Frames.answer(new byte[10], records));

        assertThat(Frames.read(peer)).hasSize(10);
        peer.close();
        awaitEnd(link(0));
        assertThat(records.releases()).isOne();
    }

    @Test
    void shouldReleaseQueuedFramesOnceWhenThePeerLeaves() throws IOException {
        Backlog queued = queue();
        queued.peer().close();
        awaitEnd(link(0));
        queued.assertReleasedOnce();
    }

    @Test
    void shouldReleaseQueuedFramesOnceWhenTheConnectionIsClosed() throws IOException {
        Backlog queued = queue();
        link(0).connection().close("the test says so");
        awaitEnd(link(0));
        assertThat(link(0).endings()).containsExactly("the test says so");
        assertThat(link(0).connection().isOpen()).isFalse();
        queued.assertReleasedOnce();
    }

    @Test
    void shouldReleaseQueuedFramesOnceWhenTheTransportGivesUp() throws IOException {
        Backlog queued = queue();
        queued.transport().close(100L);
        awaitEnd(link(0));
        queued.assertReleasedOnce();
    }

    @Test
    void shouldReleaseAFrameThatComesTooLate() throws IOException {
        CountingRecords records = new CountingRecords();
        connect(open()).close();
        awaitEnd(link(0));

        link(0).connection().send(Frames.answer(new byte[10], records));

        assertThat(records.releases()).isOne();
    }

    /** More answers than a peer that does not read takes. */
    private Backlog queue() throws IOException {
        Transport transport = open(ListenerConfig.of("TEST", "127.0.0.1", 0));
        Peer peer = connect(transport);
        List<CountingRecords> queued = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            CountingRecords records = new CountingRecords();
            queued.add(records);
            OutboundFrame frame = Frames.answer(new byte[1 << 20], records);
            link(0).connection().send(frame);
        }
        assertThat(queued.get(39).releases()).isZero();
        return new Backlog(transport, peer, queued);
    }
}
