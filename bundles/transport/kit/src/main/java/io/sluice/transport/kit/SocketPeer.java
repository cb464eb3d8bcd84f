package io.sluice.transport.kit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A peer over TCP. */
public final class SocketPeer implements Peer {
    private static final int TIMEOUT_MS = 20_000;

    private final Socket socket;

    private SocketPeer(Socket socket) {
        this.socket = socket;
    }

    public static SocketPeer connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(address, TIMEOUT_MS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MS);
            return new SocketPeer(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public byte[] read(int bytes) throws IOException {
        return socket.getInputStream().readNBytes(bytes);
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
