package io.sluice.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.admin.api.ServingThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpServerTest {
    private final ServingThreads threads = new ServingThreads("http", HttpServer.THREADS_MAX);
    private final CountDownLatch slow = new CountDownLatch(1);
    private final TimerFake timers = new TimerFake();
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::page, threads, timers);
    }

    @AfterEach
    void close() throws IOException {
        slow.countDown();
        server.close();
        threads.close();
    }

    private Page page(String path) {
        if (path.equals("/slow")) {
            try {
                slow.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        if (path.equals("/broken")) {
            throw new IllegalStateException("on purpose");
        }
        return path.equals("/metrics")
                ? new Page(200, "OK", Pages.METRICS, "a 1\n")
                : Page.text(404, "Not Found", path);
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldAnswerAGetAndClose() throws IOException {
        String answer = ask("GET /metrics?x=1 HTTP/1.1\r\nHost: here\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n")
                .contains("Content-Length: 4\r\n")
                .endsWith("\r\n\r\na 1\n");
        assertThat(ask("HEAD /metrics HTTP/1.0\n\n"))
                .contains("Content-Length: 4\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void shouldSayWhatIsWrongWithARequest() throws IOException {
        assertThat(ask("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(ask("GET /metrics HTTP/2.0\r\n\r\n")).startsWith("HTTP/1.1 505 ");
        assertThat(ask("POST /metrics HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .contains("Allow: GET, HEAD");
        assertThat(ask("GET /metrics HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"))
                .startsWith("HTTP/1.1 413 ");
        assertThat(ask("GET /metrics HTTP/1.1\r\nno header\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(ask("GET /elsewhere HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 404 ");
        assertThat(ask("GET /broken HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 500 ");
    }

    @Test
    void shouldRefuseAHeadThatDoesNotEnd() throws IOException {
        assertThat(ask("GET /metrics HTTP/1.1\r\nX: " + "x".repeat(20_000))).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void shouldTurnAwayOneMoreThanItCanServe() throws IOException {
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < HttpServer.ANSWERING_MAX; i++) {
            Socket socket = connect();
            socket.getOutputStream().write("GET /slow HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            waiting.add(socket);
        }
        Awaitility.await().until(() -> ask("GET /metrics HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 503 "));
        slow.countDown();
        for (Socket socket : waiting) {
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 404 ");
            socket.close();
        }
        Awaitility.await().until(() -> ask("GET /metrics HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void shouldTryAgainAfterAPauseWhenItCannotAccept() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        ServerSocket scarce = new ServerSocket() {
            @Override
            public Socket accept() throws IOException {
                if (tries.incrementAndGet() <= 2) {
                    throw new IOException("no file descriptor is left");
                }
                return super.accept();
            }
        };
        scarce.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.close();
        TimerFake pauses = new TimerFake();
        server = HttpServer.over(scarce, this::page, threads, pauses);
        for (int i = 1; i <= 2; i++) {
            Awaitility.await().until(() -> pauses.waiting() == 1);
            assertThat(tries).hasValue(i);
            pauses.fire();
        }
        assertThat(ask("GET /metrics HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void shouldCloseWhoSendsNothing() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write("GET /met".getBytes(StandardCharsets.ISO_8859_1));
            Awaitility.await().until(() -> timers.waiting() > 0);
            timers.fire();
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
    }
}
