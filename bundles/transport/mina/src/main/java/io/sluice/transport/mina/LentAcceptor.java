package io.sluice.transport.mina;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.Executor;
import org.apache.mina.core.service.IoProcessor;
import org.apache.mina.transport.socket.nio.NioSession;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;

/**
 * MINA's acceptor, on a socket that is bound already and belongs to somebody else: instead of opening one it watches that, and
 * instead of closing it takes its hands off, so that no selector knows the socket any more when {@link #unbind()} returns.
 */
final class LentAcceptor extends NioSocketAcceptor {
    private final ServerSocketChannel socket;

    LentAcceptor(ServerSocketChannel socket, Executor threads, IoProcessor<NioSession> processors) {
        super(threads, processors);
        this.socket = socket;
    }

    /** On the acceptor's thread. */
    @Override
    protected ServerSocketChannel open(SocketAddress bound) throws IOException {
        socket.register(selector, SelectionKey.OP_ACCEPT);
        return socket;
    }

    /** On the acceptor's thread. A key that was cancelled is forgotten by the next selection only. */
    @Override
    protected void close(ServerSocketChannel watched) throws IOException {
        SelectionKey key = watched.keyFor(selector);
        if (key != null) {
            key.cancel();
            selector.selectNow();
        }
    }
}
