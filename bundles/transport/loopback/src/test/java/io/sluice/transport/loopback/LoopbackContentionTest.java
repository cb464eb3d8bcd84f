package io.sluice.transport.loopback;

import io.sluice.transport.api.Transport;
import io.sluice.transport.api.TransportFactory;
import io.sluice.transport.kit.ContentionContract;
import io.sluice.transport.kit.Peer;
import java.io.IOException;

final class LoopbackContentionTest extends ContentionContract {
    private final LoopbackNetwork network = new LoopbackNetwork();

    @Override
    protected TransportFactory factory() {
        return new LoopbackTransportFactory(network);
    }

    @Override
    protected Peer connect(TransportFactory factory, Transport transport) throws IOException {
        return new LoopbackContractPeer(network.connect(transport.address().getPort()));
    }

    @Override
    protected String threadPrefix() {
        return "sluice-loopback-";
    }
}
