package io.sluice.admin.shell;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a Unix socket that only its owner may open: mode 0600 in a directory of mode 0700. Each client gets a thread.
 *
 * <p>A socket file that was left over is replaced: the lock on the data directory, not this file, keeps a second broker out.
 */
final class CommandSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandSocket.class);

    private final Path path;
    private final ServerSocketChannel server;
    private final Executor threads;
    private final Function<SocketChannel, Runnable> connections;

    private CommandSocket(
            Path path, ServerSocketChannel server, Executor threads, Function<SocketChannel, Runnable> connections) {
        this.path = path;
        this.server = server;
        this.threads = threads;
        this.connections = connections;
    }

    static CommandSocket open(Path path, Executor threads, Function<SocketChannel, Runnable> connections)
            throws IOException {
        makeOwnDirectory(Objects.requireNonNull(path.getParent()));
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            CommandSocket socket = new CommandSocket(path, server, threads, connections);
            threads.execute(socket::accept);
            return socket;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static void makeOwnDirectory(Path directory) throws IOException {
        Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rwx------");
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(ownerOnly));
        Files.setPosixFilePermissions(directory, ownerOnly);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                serve(channel);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("the command socket accepts no more: {}", e.toString());
                return;
            }
        }
    }

    private void serve(SocketChannel channel) throws IOException {
        Runnable connection = connections.apply(channel);
        try {
            threads.execute(connection);
        } catch (RejectedExecutionException e) {
            LOG.warn("too many commands at once: one more was turned away");
            channel.close();
        }
    }

    /** No new clients; those that are being served keep their connections. */
    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }
}
