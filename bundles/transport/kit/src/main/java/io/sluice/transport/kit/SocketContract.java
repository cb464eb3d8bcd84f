package io.sluice.transport.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.transport.api.Transport;
import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What must hold of the listening socket, for transports over TCP: it is there before them and after. */
public abstract class SocketContract extends TransportContract {
    @Test
    void shouldServeThoseWhoConnectedWhileThereWasNoTransport() throws IOException {
        echo();
        BoundSocket socket = socket(listener());
        Transport first = open(listener(), socket);
        first.stopReading();

        Peer early = connect(first);
        early.write(Frames.framed(new byte[3]));
        first.close(0L);
        Peer late = connect(first);
        late.write(Frames.framed(new byte[4]));
        assertThat(handler.links()).isEmpty();

        open(listener(), socket);
        assertThat(Frames.read(early)).hasSize(3);
        assertThat(Frames.read(late)).hasSize(4);
    }

    @Test
    void shouldGiveTheSocketBackAsItGotIt() throws IOException {
        BoundSocket socket = socket(listener());
        Transport transport = open(listener(), socket);
        connect(transport);
        link(0);
        assertThat(socket.channel().isRegistered()).isTrue();

        transport.stopReading();

        assertThat(socket.channel().isRegistered()).isFalse();
        assertThat(socket.channel().isOpen()).isTrue();
        assertThat(socket.channel().isBlocking()).isFalse();
        transport.close(0L);
        assertThat(socket.channel().isOpen()).isTrue();
    }

    @Test
    void shouldNotWaitForPeersThatDoNotClose() throws IOException {
        handler.react((link, frame) -> link.connection().send(Frames.answer(new byte[100_000])));
        Transport transport = open();
        Peer slow = connect(transport);
        slow.write(Frames.framed(new byte[1]));
        await().until(() -> link(0).frames() == 1);
        Peer idle = connect(transport);
        link(1);
        long begin = System.nanoTime();

        transport.close(CLOSE_MS);

        assertThat(System.nanoTime() - begin).isLessThan(CLOSE_MS * 500_000L);
        slow.write(Frames.framed(new byte[50_000]));
        idle.write(Frames.framed(new byte[50_000]));
        assertThat(Frames.read(slow)).hasSize(100_000);
        assertThat(slow.read(1)).as("the end, and no reset").isEmpty();
        assertThat(idle.read(1)).as("the end, and no reset").isEmpty();
    }

    @Test
    void shouldSoonCutOffPeersThatDoNotReadWhatTheyAreOwed() throws IOException {
        int answers = 100;
        handler.react((link, frame) -> {
            for (int i = 0; i < answers; i++) {
                link.connection().send(Frames.answer(new byte[100_000]));
            }
        });
        Transport transport = open();
        Peer stuck = connect(transport);
        stuck.write(Frames.framed(new byte[1]));
        await().until(() -> link(0).frames() == 1);
        long begin = System.nanoTime();

        transport.close(CLOSE_MS);

        assertThat(System.nanoTime() - begin).isLessThan(CLOSE_MS * 500_000L);
        awaitEnd(link(0));
        assertThat(threadsOfTransports()).isEmpty();
    }

    @Test
    void shouldLeaveNothingOpenWhenTheSocketCannotBeUsed() throws IOException {
        BoundSocket socket = socket(listener());
        socket.channel().close();

        assertThatThrownBy(() -> open(listener(), socket)).isInstanceOf(IOException.class);

        assertThat(threadsOfTransports()).isEmpty();
    }

    @Test
    void shouldRefuseNobodyWhileTransportsTakeTurns() throws IOException {
        echo();
        BoundSocket socket = socket(listener());
        Transport transport = open(listener(), socket);
        Transport first = transport;
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        AtomicInteger cutOff = new AtomicInteger();
        CompletableFuture<Void> clients = aside(() -> {
            while (!over.get()) {
                try (Peer peer = connect(factoryUnderTest(), first)) {
                    peer.write(Frames.framed(new byte[9]));
                    if (peer.read(4 + 9).length == 4 + 9) {
                        served.incrementAndGet();
                    }
                } catch (ConnectException e) {
                    throw e;
                } catch (IOException e) {
                    cutOff.incrementAndGet();
                }
            }
        });

        for (int turn = 0; turn < 20; turn++) {
            int least = served.get() + 5;
            await().until(() -> served.get() >= least || clients.isDone());
            transport.stopReading();
            transport.close(1_000L);
            transport = open(listener(), socket);
        }
        over.set(true);

        clients.join();
        assertThat(cutOff.get()).as("closed by a reset").isLessThanOrEqualTo(20);
    }
}
