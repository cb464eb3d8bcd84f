package io.sluice.transport.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.Transport;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Leaving without losing an answer, and coming back. */
public abstract class DrainContract extends TransportContract {
    @Test
    void shouldLoseNoAnswerWhenItCloses() throws IOException {
        byte[] answer = Frames.body(300_000, 2);
        handler.react((link, frame) -> link.connection().send(Frames.answer(answer)));
        Transport transport = open();
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Peer peer = connect(transport);
            peers.add(peer);
            peer.write(Frames.framed(Collections.nCopies(20, new byte[50])));
        }
        await().until(() ->
                handler.links().size() == 5 && handler.links().stream().allMatch(link -> link.frames() == 20));

        transport.stopReading();
        for (Peer peer : peers) {
            peer.write(Frames.framed(new byte[5_000]));
        }
        link(0).connection().send(Frames.answer(new byte[3]));
        CompletableFuture<Void> closing = aside(() -> transport.close(CLOSE_MS));

        for (Peer peer : peers) {
            for (int i = 0; i < 20; i++) {
                assertThat(Frames.read(peer)).isEqualTo(answer);
            }
        }
        List<Integer> extra = new ArrayList<>();
        for (Peer peer : peers) {
            byte[] rest = peer.read(7);
            extra.add(rest.length);
            assertThat(peer.read(1)).isEmpty();
            peer.close();
        }
        closing.join();
        assertThat(extra).containsOnlyOnce(7).containsOnly(0, 7);
        assertThat(handler.links()).allMatch(link -> link.frames() == 20 && link.overlaps() == 0);
        assertThat(handler.links()).allMatch(link -> link.endings().size() == 1);
        assertThat(transport.connectionCount()).isZero();
    }

    @Test
    void shouldNotWaitLongerThanTheDeadlineForAPeerThatStays() throws IOException {
        Transport transport = open();
        Peer peer = connect(transport);
        RecordingHandler.Link link = link(0);
        long begin = System.nanoTime();

        transport.close(300L);

        assertThat(System.nanoTime() - begin).isLessThan(8_000_000_000L);
        assertThat(isOver(peer)).isTrue();
        awaitEnd(link);
        assertThat(threadsOfTransports()).isEmpty();
    }

    @Test
    void shouldLeaveNoThreadAndNameThoseThatRun() throws IOException {
        Transport transport = open();
        connect(transport).write(Frames.framed(new byte[1]));
        await().until(() -> link(0).frames() == 1);
        assertThat(threadsOfTransports()).isNotEmpty();

        transport.close(0L);

        assertThat(threadsOfTransports()).isEmpty();
        transport.close(0L);
    }

    @Test
    void shouldLeaveItsAddressToTheNextAtOnce() throws IOException {
        echo();
        BoundSocket socket = socket(listener());
        Transport transport = open(listener(), socket);
        int port = transport.address().getPort();
        for (int i = 0; i < 5; i++) {
            Peer peer = connect(transport);
            peer.write(Frames.framed(new byte[i]));
            assertThat(Frames.read(peer)).hasSize(i);

            transport.stopReading();
            transport.close(50L);
            transport = open(ListenerConfig.of("TEST", "127.0.0.1", port), socket);

            assertThat(transport.address().getPort()).isEqualTo(port);
            assertThat(isOver(peer)).isTrue();
        }
        Peer last = connect(transport);
        last.write(Frames.framed(new byte[7]));
        assertThat(Frames.read(last)).hasSize(7);
    }

    @Test
    void shouldSayThatAnAddressIsTaken() throws IOException {
        Transport transport = open();
        int before = threadsOfTransports().size();

        assertThatThrownBy(() -> open(ListenerConfig.of(
                        "TEST", "127.0.0.1", transport.address().getPort())))
                .isInstanceOf(IOException.class);

        assertThat(threadsOfTransports()).hasSize(before);
    }

    @Test
    void shouldTakeNobodyOnOnceReadingWasStopped() throws IOException {
        Transport transport = open();

        transport.stopReading();

        try {
            connect(transport).write(Frames.framed(new byte[1]));
        } catch (IOException refused) {
            assertThat(refused).isInstanceOf(ConnectException.class);
        }
        transport.close(0L);
        assertThat(handler.links()).isEmpty();
        assertThat(transport.connectionCount()).isZero();
    }
}
