package io.sluice.admin.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.admin.api.ServingThreads;
import io.sluice.admin.api.SimpleCommand;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandSocketTest {
    @TempDir
    private Path directory;

    private final CommandRegistry registry = new CommandRegistry();
    private final ServingThreads threads = new ServingThreads("command", 64);
    private Path path;
    private CommandSocket socket;

    @BeforeEach
    void open() throws IOException {
        path = directory.resolve("run").resolve("s.sock");
        CommandRunner runner = new CommandRunner(registry, ForeignCommands.NONE);
        InteractiveShell shell = new InteractiveShell(new GogoGateway(), name -> null);
        socket = CommandSocket.open(path, threads, channel -> new CommandConnection(channel, runner, shell, threads));
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        threads.close();
    }

    @Test
    void shouldBeOpenToItsOwnerOnly() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void shouldSendOutputErrorsAndTheExitCode() throws Exception {
        registry.add(new SimpleCommand("x", "say", "", "WORD", invocation -> {
            invocation.out().println(invocation.arguments().get(0) + " in " + invocation.workingDirectory());
            invocation.err().println("beware");
            return 7;
        }));
        try (Client client = new Client("/tmp\00080\0x:say\0hällo wörld")) {
            client.readToEnd();
            assertThat(client.out.toString()).isEqualTo("hällo wörld in /tmp\n");
            assertThat(client.err.toString()).isEqualTo("beware\n");
            assertThat(client.exit).isEqualTo(7);
        }
    }

    @Test
    void shouldAskForInputOnceTheCommandReads() throws Exception {
        registry.add(new SimpleCommand("x", "upper", "", "", invocation -> {
            BufferedReader lines = new BufferedReader(new InputStreamReader(invocation.in(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                invocation.out().println(line.toUpperCase(java.util.Locale.ROOT));
            }
            return 0;
        }));
        try (Client client = new Client("/\0000\0x:upper")) {
            assertThat(client.readFrame()).isEqualTo(FrameKind.WANT_INPUT);
            client.send(FrameKind.INPUT, "one\ntw");
            client.send(FrameKind.INPUT, "o\n");
            client.send(FrameKind.INPUT, "");
            client.readToEnd();
            assertThat(client.out.toString()).isEqualTo("ONE\nTWO\n");
        }
    }

    @Test
    void shouldStopACommandThatTheUserInterruptsWithoutInterruptingItsThread() throws Exception {
        AtomicBoolean threadInterrupted = new AtomicBoolean();
        CountDownLatch begun = waitingCommand(threadInterrupted);
        try (Client client = new Client("/\0000\0x:wait")) {
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            client.send(FrameKind.INTERRUPT, "");
            client.readToEnd();
            assertThat(client.exit).isEqualTo(130);
            assertThat(threadInterrupted).isFalse();
        }
    }

    @Test
    void shouldStopACommandWhoseClientGoesAway() throws Exception {
        AtomicBoolean threadInterrupted = new AtomicBoolean();
        AtomicBoolean ended = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        registry.add(new SimpleCommand("x", "wait", "", "", invocation -> {
            begun.countDown();
            await().atMost(java.time.Duration.ofSeconds(20)).until(invocation::interrupted);
            threadInterrupted.set(Thread.currentThread().isInterrupted());
            ended.set(true);
            return 0;
        }));
        try (Client client = new Client("/\0000\0x:wait")) {
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        }
        await().untilTrue(ended);
        assertThat(threadInterrupted).isFalse();
    }

    private CountDownLatch waitingCommand(AtomicBoolean threadInterrupted) {
        CountDownLatch begun = new CountDownLatch(1);
        registry.add(new SimpleCommand("x", "wait", "", "", invocation -> {
            begun.countDown();
            await().atMost(java.time.Duration.ofSeconds(20)).until(invocation::interrupted);
            threadInterrupted.set(Thread.currentThread().isInterrupted());
            return 130;
        }));
        return begun;
    }

    @Test
    void shouldSurviveAClientThatTalksNonsense() throws Exception {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            channel.write(ByteBuffer.allocate(4).putInt(-5).flip());
            assertThat(channel.read(ByteBuffer.allocate(10))).isEqualTo(-1);
        }
        try (Client client = new Client("/\0000\0x:none")) {
            client.readToEnd();
            assertThat(client.exit).isEqualTo(2);
        }
    }

    @Test
    void shouldTakeTheTerminalApart() throws Exception {
        Hello hello = Hello.parse("/home\000120x40 xterm-256color\0shell");
        assertThat(hello).isEqualTo(new Hello(Path.of("/home"), 120, 40, "xterm-256color", java.util.List.of("shell")));
        assertThat(hello.isInteractive()).isTrue();
    }

    /** The other end of the socket. */
    private final class Client implements AutoCloseable {
        private final SocketChannel channel;
        private final DataInputStream in;
        private final StringBuilder out = new StringBuilder();
        private final StringBuilder err = new StringBuilder();
        private int exit = -1;

        Client(String hello) throws IOException {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
            in = new DataInputStream(Channels.newInputStream(channel));
            byte[] text = hello.getBytes(StandardCharsets.UTF_8);
            channel.write(ByteBuffer.allocate(4 + text.length)
                    .putInt(text.length)
                    .put(text)
                    .flip());
        }

        void send(byte kind, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            channel.write(ByteBuffer.allocate(5 + bytes.length)
                    .put(kind)
                    .putInt(bytes.length)
                    .put(bytes)
                    .flip());
        }

        byte readFrame() throws IOException {
            byte kind = in.readByte();
            byte[] bytes = in.readNBytes(in.readInt());
            if (kind == FrameKind.OUTPUT) {
                out.append(new String(bytes, StandardCharsets.UTF_8));
            } else if (kind == FrameKind.ERROR) {
                err.append(new String(bytes, StandardCharsets.UTF_8));
            } else if (kind == FrameKind.EXIT) {
                exit = ByteBuffer.wrap(bytes).getInt();
            }
            return kind;
        }

        void readToEnd() throws IOException {
            byte kind = readFrame();
            while (kind != FrameKind.EXIT) {
                kind = readFrame();
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
