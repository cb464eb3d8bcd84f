package io.sluice.transport.mina;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.Transport;
import io.sluice.transport.kit.BoundSocket;
import io.sluice.transport.kit.Frames;
import io.sluice.transport.kit.RecordingHandler;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A client that goes away is nothing that people must hear of; a disk that fails is. */
final class PeerGoneTest {
    private static final ListenerConfig LISTENER = ListenerConfig.of("TEST", "127.0.0.1", 0);

    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.sluice.transport.mina");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent line) {
            lines.add(line);
        }
    };

    @BeforeEach
    void listen() {
        appender.start();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(appender);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(appender);
        logger.setLevel(null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Broken pipe", "Connection reset by peer", "Connection reset", "Connection timed out"})
    void shouldKnowThePeersDoingByItsWords(String words) throws IOException {
        try (SocketChannel open = SocketChannel.open()) {
            assertThat(PeerGone.isCause(new IOException(words), open)).isTrue();
        }
    }

    @Test
    void shouldTakeNoOtherErrorForThePeersDoing() throws IOException {
        SocketChannel channel = SocketChannel.open();
        assertThat(PeerGone.isCause(new IOException("Input/output error"), channel))
                .isFalse();
        assertThat(PeerGone.isCause(new IOException("the log was cut below what was being sent"), channel))
                .isFalse();
        assertThat(PeerGone.isCause(new ClosedChannelException(), channel)).isFalse();
        assertThat(PeerGone.isCause(new IOException((String) null), channel)).isFalse();
        assertThat(PeerGone.isCause(new SocketException("Connection reset"), channel))
                .isTrue();

        channel.close();
        assertThat(PeerGone.isCause(new ClosedChannelException(), channel)).isTrue();
    }

    @Test
    void shouldSayNothingOfAPeerThatIsGoneWhenItIsWrittenTo() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        RecordingHandler handler = new RecordingHandler();
        handler.react((link, frame) -> {
            arrived.countDown();
            await(gone);
            for (int i = 0; i < 100; i++) {
                link.connection().send(Frames.answer(frame));
            }
        });

        meet(handler, peer -> {
            peer.getOutputStream().write(Frames.framed(new byte[60_000]));
            await(arrived);
            peer.close();
            gone.countDown();
        });

        assertThat(lines)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains("writing failed"));
        assertThat(lines).noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.INFO));
    }

    @Test
    void shouldSayNothingOfAPeerThatGoesInTheMiddleOfAFrame() throws Exception {
        meet(new RecordingHandler(), peer -> {
            peer.getOutputStream().write(Frames.size(1_000));
            peer.close();
        });

        assertThat(lines).noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.INFO));
    }

    private interface Visit {
        void by(Socket peer) throws IOException;
    }

    /** A peer whose end is a reset, until that is known. */
    private static void meet(RecordingHandler handler, Visit visit) throws IOException {
        try (BoundSocket socket = new BoundSocket(LISTENER)) {
            Transport transport = new MinaTransportFactory().open(LISTENER, socket, handler);
            try (Socket peer = new Socket(
                    transport.address().getAddress(), transport.address().getPort())) {
                peer.setSoLinger(true, 0);
                visit.by(peer);
                Awaitility.await().until(() -> handler.links().stream()
                        .anyMatch(link -> !link.endings().isEmpty()));
            } finally {
                transport.close(1_000L);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
