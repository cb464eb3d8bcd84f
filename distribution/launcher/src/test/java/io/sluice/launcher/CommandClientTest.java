package io.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandClientTest {
    private final PrintStream usualOut = System.out;
    private final PrintStream usualErr = System.err;
    private final InputStream usualIn = System.in;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path data;

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void giveBack() throws IOException {
        System.setOut(usualOut);
        System.setErr(usualErr);
        System.setIn(usualIn);
        Files.deleteIfExists(RunDirectory.socket(data));
    }

    @Test
    void shouldPassTheWordsOnAndEndWithTheCommandsExitCode() throws Exception {
        try (FakeBroker broker = new FakeBroker(channel -> {
            List<String> hello = hello(channel);
            send(channel, 1, "wörld\n".getBytes(StandardCharsets.UTF_8));
            send(channel, 2, "careful\n".getBytes(StandardCharsets.UTF_8));
            send(channel, 3, ByteBuffer.allocate(4).putInt(7).array());
            return hello;
        })) {
            assertThat(CommandClient.run(List.of("topic:list", "--data", data.toString(), "", "a b", "--json")))
                    .isEqualTo(7);
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("wörld\n");
            assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("careful\n");
            assertThat(broker.saw())
                    .containsExactly(Path.of("").toAbsolutePath().toString(), "0", "topic:list", "", "a b", "--json");
        }
    }

    @Test
    void shouldSendStandardInputWhenTheCommandReadsIt() throws Exception {
        System.setIn(new ByteArrayInputStream("one\ntwo\n".getBytes(StandardCharsets.UTF_8)));
        try (FakeBroker broker = new FakeBroker(channel -> {
            hello(channel);
            send(channel, 5, new byte[0]);
            DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
            StringBuilder input = new StringBuilder();
            boolean more = true;
            while (more) {
                assertThat(in.readUnsignedByte()).isZero();
                byte[] bytes = in.readNBytes(in.readInt());
                input.append(new String(bytes, StandardCharsets.UTF_8));
                more = bytes.length > 0;
            }
            send(channel, 3, new byte[4]);
            return List.of(input.toString());
        })) {
            assertThat(CommandClient.run(List.of("--data=" + data, "record:produce", "t")))
                    .isZero();
            assertThat(broker.saw()).containsExactly("one\ntwo\n");
        }
    }

    @Test
    void shouldFailWhenTheBrokerEndsInTheMiddle() throws Exception {
        try (FakeBroker broker = new FakeBroker(channel -> hello(channel))) {
            assertThatThrownBy(() -> CommandClient.run(List.of("--data", data.toString(), "topic:list")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ended while the command ran");
            assertThat(broker.saw()).contains("topic:list");
        }
    }

    @Test
    void shouldSayThatNoBrokerRuns() {
        assertThatThrownBy(() -> CommandClient.run(List.of("--data", data.toString(), "topic:list")))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.exitCode()).isEqualTo(3))
                .hasMessageContaining("No broker is running on " + data);
    }

    @Test
    void shouldTakeTheDataDirectoryOutOfTheWords() throws Exception {
        List<String> words = new ArrayList<>(List.of("--data", "a", "topic:list", "--data=b", "x"));
        assertThat(CommandClient.takeData(words)).isEqualTo(Path.of("b"));
        assertThat(words).containsExactly("topic:list", "x");
        assertThatThrownBy(() -> CommandClient.takeData(new ArrayList<>(List.of("topic:list", "--data"))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("--data needs a value");
    }

    private static List<String> hello(SocketChannel channel) throws IOException {
        DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
        return List.of(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8).split("\0", -1));
    }

    private static void send(SocketChannel channel, int kind, byte[] bytes) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(5 + bytes.length)
                .put((byte) kind)
                .putInt(bytes.length)
                .put(bytes)
                .flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    private interface Conversation {
        List<String> with(SocketChannel channel) throws IOException;
    }

    /** Serves one client at the socket of the data directory. */
    private final class FakeBroker implements AutoCloseable {
        private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        private final CompletableFuture<List<String>> saw;

        FakeBroker(Conversation conversation) throws IOException {
            server.bind(UnixDomainSocketAddress.of(RunDirectory.socket(data)));
            saw = CompletableFuture.supplyAsync(() -> {
                try (SocketChannel channel = server.accept()) {
                    return conversation.with(channel);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }

        List<String> saw() throws Exception {
            return saw.get(10, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
