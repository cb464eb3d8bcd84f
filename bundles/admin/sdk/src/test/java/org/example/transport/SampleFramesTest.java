package org.example.transport;

import io.sluice.transport.api.Transport;
import io.sluice.transport.api.TransportFactory;
import io.sluice.transport.kit.FramesContract;
import io.sluice.transport.kit.Peer;
import io.sluice.transport.kit.SocketPeer;
import java.io.IOException;

final class SampleFramesTest extends FramesContract {
    @Override
    protected TransportFactory factory() {
        return new SampleTransportFactory();
    }

    @Override
    protected Peer connect(TransportFactory factory, Transport transport) throws IOException {
        return SocketPeer.connect(transport.address());
    }

    @Override
    protected String threadPrefix() {
        return "SampleTransport-";
    }
}
