package io.sluice.transport.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.Transport;
import io.sluice.transport.kit.BoundSocket;
import io.sluice.transport.kit.Frames;
import io.sluice.transport.kit.RecordingHandler;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class DirectDeliveryTest {
    private final LoopbackNetwork network = new LoopbackNetwork();
    private final RecordingHandler handler = new RecordingHandler();

    @Test
    void shouldHandleAFrameBeforeTheWriteReturns() throws IOException {
        ListenerConfig listener = ListenerConfig.of("TEST", "127.0.0.1", 0);
        Transport transport =
                new LoopbackTransportFactory(network, Runnable::run).open(listener, new BoundSocket(listener), handler);
        LoopbackPeer peer = network.connect(transport.address().getPort());
        Thread[] deliveredOn = new Thread[1];
        handler.react((link, frame) -> {
            deliveredOn[0] = Thread.currentThread();
            link.keep(frame);
            link.connection().send(Frames.answer(frame));
        });

        peer.write(Frames.framed(new byte[] {1, 2}));

        assertThat(handler.links().get(0).kept()).containsExactly(new byte[] {1, 2});
        assertThat(deliveredOn[0]).isSameAs(Thread.currentThread());
        assertThat(peer.read(6)).isEqualTo(Frames.framed(new byte[] {1, 2}));

        handler.links().get(0).connection().pauseReading();
        peer.write(Frames.framed(new byte[] {3}));
        assertThat(handler.links().get(0).frames()).isOne();
        handler.links().get(0).connection().resumeReading();
        assertThat(handler.links().get(0).frames()).isEqualTo(2);

        peer.close();
        assertThat(handler.links().get(0).endings()).hasSize(1);
        assertThat(transport.connectionCount()).isZero();
        transport.close(0L);
    }
}
