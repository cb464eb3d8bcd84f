package io.sluice.admin.metrics;

import io.sluice.admin.api.HealthCheck;
import io.sluice.admin.api.HealthCheck.Finding;
import io.sluice.admin.api.ServingThreads;
import io.sluice.base.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listener that {@code metrics.listener} asks for, from its opening to its end, and the file {@code run/metrics} that says where it is. The doctor is
 * told when it could not be opened.
 */
final class Face implements HealthCheck, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Face.class);

    private final String listener;
    private final Path file;
    private final Function<String, Page> pages;
    private final Scheduler scheduler;
    private @Nullable ServingThreads threads;
    private @Nullable HttpServer server;
    private boolean closed;
    private volatile @Nullable String failure;

    Face(String listener, Path file, Function<String, Page> pages, Scheduler scheduler) {
        this.listener = listener.trim();
        this.file = file;
        this.pages = pages;
        this.scheduler = scheduler;
    }

    /** Opens it, if one is wanted. Waits for the disk. */
    synchronized void open() {
        try {
            Files.deleteIfExists(file);
            if (listener.isEmpty() || closed) {
                return;
            }
            ServingThreads made = new ServingThreads("sluice-metrics", HttpServer.THREADS_MAX);
            threads = made;
            HttpServer opened = HttpServer.open(address(listener), pages, made, scheduler);
            server = opened;
            InetSocketAddress where = opened.address();
            String text = where.getAddress().getHostAddress() + ":" + where.getPort();
            Files.writeString(file, text + "\n");
            LOG.info("metrics are at http://{}/metrics", text);
        } catch (IOException | RuntimeException e) {
            failure = "metrics.listener " + listener + " could not be opened: " + e.getMessage();
            LOG.error("{}", failure, e);
        }
    }

    private static InetSocketAddress address(String listener) throws IOException {
        int colon = listener.lastIndexOf(':');
        String host = listener.substring(0, colon);
        int port = Integer.parseInt(listener.substring(colon + 1));
        InetAddress address =
                host.isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(unbracketed(host));
        return new InetSocketAddress(address, port);
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public List<Finding> look() {
        String why = failure;
        return why == null
                ? List.of()
                : List.of(Finding.error("metrics", why, "set another metrics.listener and restart the broker"));
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (server != null) {
            server.close();
            Files.deleteIfExists(file);
        }
        if (threads != null) {
            threads.close();
        }
    }
}
