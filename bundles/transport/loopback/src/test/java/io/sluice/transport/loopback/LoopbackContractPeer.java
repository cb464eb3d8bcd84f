package io.sluice.transport.loopback;

import io.sluice.transport.kit.Peer;
import java.io.IOException;

/** The kit's view of a {@link LoopbackPeer}. */
record LoopbackContractPeer(LoopbackPeer peer) implements Peer {
    @Override
    public void write(byte[] bytes) throws IOException {
        peer.write(bytes);
    }

    @Override
    public byte[] read(int bytes) throws IOException {
        return peer.read(bytes);
    }

    @Override
    public void shutdownOutput() {
        peer.shutdownOutput();
    }

    @Override
    public void close() {
        peer.close();
    }
}
