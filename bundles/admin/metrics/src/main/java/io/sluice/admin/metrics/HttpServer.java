package io.sluice.admin.metrics;

import io.sluice.base.Scheduler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers GET over HTTP/1, one request for each connection: that is what those who watch a broker send, and it needs no more than a socket. Each of the few
 * connections at a time has a thread; one more is told to come back. A peer gets {@link #PATIENCE_MS} to send its request, and as much to take the answer.
 */
final class HttpServer implements AutoCloseable {
    static final long PATIENCE_MS = 10_000L;

    /** As many are answered at a time. */
    static final int ANSWERING_MAX = 8;

    /** One more accepts. */
    static final int THREADS_MAX = ANSWERING_MAX + 1;

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int BACKLOG = 16;
    private static final int DISCARDED_MAX = 64 * 1024;
    private static final int FAREWELL_MS = 200;
    private static final long PAUSE_MS = 1_000L;

    private final ServerSocket server;
    private final Function<String, Page> pages;
    private final Executor threads;
    private final Scheduler scheduler;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private HttpServer(ServerSocket server, Function<String, Page> pages, Executor threads, Scheduler scheduler) {
        this.server = server;
        this.pages = pages;
        this.threads = threads;
        this.scheduler = scheduler;
    }

    /** @param threads one of them accepts until this is closed */
    static HttpServer open(
            InetSocketAddress address, Function<String, Page> pages, Executor threads, Scheduler scheduler)
            throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            server.bind(address, BACKLOG);
            return over(server, pages, threads, scheduler);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Over a socket that is bound, and closed with this. */
    static HttpServer over(ServerSocket bound, Function<String, Page> pages, Executor threads, Scheduler scheduler) {
        HttpServer made = new HttpServer(bound, pages, threads, scheduler);
        threads.execute(made::accept);
        return made;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    /** Where connections cannot be accepted, as when no file descriptor is left, it is tried again after a pause. */
    private void accept() {
        while (!server.isClosed()) {
            Socket socket;
            try {
                socket = server.accept();
            } catch (IOException e) {
                if (!server.isClosed()) {
                    LOG.warn("a connection to the metrics could not be accepted: {}", e.toString());
                    scheduler.schedule(PAUSE_MS, this::acceptAgain);
                }
                return;
            }
            try {
                admit(socket);
            } catch (IOException e) {
                LOG.debug("a connection to the metrics ended: {}", e.toString());
            }
        }
    }

    private void acceptAgain() {
        try {
            threads.execute(this::accept);
        } catch (RejectedExecutionException e) {
            if (!server.isClosed()) {
                scheduler.schedule(PAUSE_MS, this::acceptAgain);
            }
        }
    }

    private void admit(Socket socket) throws IOException {
        open.add(socket);
        try {
            threads.execute(() -> serve(socket));
        } catch (RejectedExecutionException | OutOfMemoryError e) { // the system may have no thread for it
            try (socket) {
                write(socket, "GET", Page.text(503, "Service Unavailable", "Too many ask at once; try again."));
            } finally {
                open.remove(socket);
            }
        }
    }

    private void serve(Socket socket) {
        Scheduler.Cancellable deadline = scheduler.schedule(PATIENCE_MS, () -> close(socket));
        try (socket) {
            RequestLine request = RequestLine.read(socket.getInputStream());
            deadline.cancel();
            if (request != null) {
                Page refusal = request.refusal();
                Page page = refusal == null ? page(request.path()) : refusal;
                deadline = scheduler.schedule(PATIENCE_MS, () -> close(socket));
                write(socket, request.method(), page);
                farewell(socket);
            }
        } catch (IOException e) {
            LOG.debug("a connection to the metrics ended: {}", e.toString());
        } finally {
            deadline.cancel();
            open.remove(socket);
        }
    }

    private Page page(String path) {
        try {
            return pages.apply(path);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} could not be answered", path, e);
            return Page.text(500, "Internal Server Error", "It could not be answered; the broker's log says why.");
        }
    }

    private static void write(Socket socket, String method, Page page) throws IOException {
        byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + page.status() + ' ' + page.reason() + "\r\nContent-Type: " + page.type()
                + "\r\nContent-Length: " + body.length
                + (page.status() == 405 ? "\r\nAllow: GET, HEAD" : "")
                + "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n";
        OutputStream out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        if (!method.equals("HEAD")) {
            out.write(body);
        }
        out.flush();
    }

    /** Closing with unread input would destroy an answer that is under way. */
    private static void farewell(Socket socket) throws IOException {
        socket.shutdownOutput();
        socket.setSoTimeout(FAREWELL_MS);
        InputStream in = socket.getInputStream();
        byte[] discarded = new byte[1024];
        int total = 0;
        try {
            for (int next = in.read(discarded); next >= 0 && total < DISCARDED_MAX; next = in.read(discarded)) {
                total += next;
            }
        } catch (java.net.SocketTimeoutException e) {
            LOG.trace("a peer did not close in time");
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("a connection did not close cleanly", e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(HttpServer::close);
    }
}
