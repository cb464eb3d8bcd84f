package io.sluice.admin.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.admin.api.CommandLine;
import io.sluice.admin.api.ServingThreads;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The listener with MINA's own client before it. */
class SshListenerTest {
    private static final Duration SOON = Duration.ofSeconds(20L);
    private static final int SESSIONS_MAX = 3;

    @TempDir
    Path data;

    private final KeyPair ada = Keys.ecdsa();
    private final EchoingCommands commands = new EchoingCommands();
    private final AtomicReference<@Nullable CommandLine> present = new AtomicReference<>(commands);
    private final ServingThreads threads = new ServingThreads("ssh", 64);
    private SshClient client;
    private SshListener listener;

    @BeforeEach
    void open() throws IOException {
        KeySupport.make();
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        listener = listener(60_000L);
        authorize(ada);
        SshClient made = SshClient.setUpDefaultClient();
        made.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        made.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        made.setServerKeyVerifier((session, address, key) -> true);
        made.start();
        client = made;
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        listener.close();
        threads.close();
    }

    private SshListener listener(long idleMs) throws IOException {
        SshConfig config = new SshConfig(":0", data, SESSIONS_MAX, idleMs, false);
        return SshListener.open(config, new AuthorizedKeys(config.directory(), data), present::get, threads);
    }

    private void authorize(KeyPair... pairs) throws IOException {
        StringBuilder text = new StringBuilder();
        for (KeyPair pair : pairs) {
            text.append(Keys.line(pair, "somebody")).append('\n');
        }
        Path file = data.resolve("ssh").resolve(AuthorizedKeys.FILE);
        Files.deleteIfExists(file);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private ClientSession connected() throws IOException {
        int port = Integer.parseInt(listener.whereabouts().replaceAll("^.*:", ""));
        return client.connect("ada", "127.0.0.1", port).verify(SOON).getSession();
    }

    private ClientSession in(KeyPair pair) throws IOException {
        ClientSession session = connected();
        session.addPublicKeyIdentity(pair);
        session.auth().verify(SOON);
        return session;
    }

    /** What a channel printed and how it ended. */
    private record Ended(String out, String err, @Nullable Integer code) {}

    private static Ended ended(ClientChannel channel, String input) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        channel.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        channel.setOut(out);
        channel.setErr(err);
        channel.open().verify(SOON);
        assertThat(channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), SOON)).contains(ClientChannelEvent.CLOSED);
        return new Ended(
                out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), channel.getExitStatus());
    }

    private Ended exec(String line, String input) throws IOException {
        try (ClientSession session = in(ada);
                ChannelExec channel = session.createExecChannel(line)) {
            return ended(channel, input);
        }
    }

    @Test
    void shouldRunACommandAndPassOnItsOutputItsErrorsAndItsCode() throws IOException {
        assertThat(exec("say 'a b' c", "")).isEqualTo(new Ended("[a b, c]\n", "", 0));
        assertThat(exec("fail", "")).isEqualTo(new Ended("begun\n", "it failed\n", 7));
        assertThat(exec("cat", "a line\nanother")).isEqualTo(new Ended("a line\nanother", "", 0));
        assertThat(exec("say 'a", "")).isEqualTo(new Ended("", "the quote ' is not closed\n", 2));
    }

    @Test
    void shouldPassOnMoreInputThanAWindowHolds() throws IOException {
        String input = "0123456789abcdef".repeat(64 * 1024);
        assertThat(exec("cat", input).out()).isEqualTo(input);
    }

    @Test
    void shouldLetInTheKeysOfTheFileOnlyOfEveryKind() throws IOException {
        KeyPair bob = Keys.ed25519();
        KeyPair cyd = Keys.rsa(2048);
        assertThatThrownBy(() -> in(bob)).isInstanceOf(SshException.class);
        authorize(ada, bob, cyd);
        in(bob).close(true);
        in(cyd).close(true);
        authorize(ada);
        assertThatThrownBy(() -> in(bob)).isInstanceOf(SshException.class);
        in(ada).close(true);
    }

    @Test
    void shouldRefusePasswords() throws IOException {
        try (ClientSession session = connected()) {
            session.addPasswordIdentity("secret");
            assertThatThrownBy(() -> session.auth().verify(SOON)).isInstanceOf(SshException.class);
        }
    }

    @Test
    void shouldForwardNoPorts() throws IOException {
        try (ClientSession session = in(ada)) {
            assertThatThrownBy(() -> session.createRemotePortForwardingTracker(
                            new SshdSocketAddress("127.0.0.1", 0), new SshdSocketAddress("127.0.0.1", 1)))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldServeTheShellOnATerminal() throws IOException {
        try (ClientSession session = in(ada);
                ChannelShell channel = session.createShellChannel()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            channel.setUsePty(true);
            channel.setPtyType("xterm");
            channel.setPtyColumns(100);
            channel.setPtyLines(30);
            channel.setOut(out);
            channel.open().verify(SOON);
            await().atMost(SOON)
                    .until(() -> out.toString(StandardCharsets.UTF_8).contains("xterm 100x30;"));
            channel.sendWindowChange(120, 40);
            await().atMost(SOON)
                    .until(() -> out.toString(StandardCharsets.UTF_8).contains("size 120x40;"));
            channel.getInvertedIn().write("hello\rbye\r".getBytes(StandardCharsets.UTF_8));
            channel.getInvertedIn().flush();
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), SOON);
            assertThat(out.toString(StandardCharsets.UTF_8)).contains("got hello;got bye;");
            assertThat(channel.getExitStatus()).isEqualTo(3);
        }
    }

    @Test
    void shouldRunLinesWhereThereIsNoTerminal() throws IOException {
        try (ClientSession session = in(ada);
                ChannelShell channel = session.createShellChannel()) {
            channel.setUsePty(false);
            Ended ended = ended(channel, "# lines\nsay a\n\nfail\nexit\nsay b\n");
            assertThat(ended).isEqualTo(new Ended("[a]\nbegun\n", "it failed\n", 7));
        }
    }

    @Test
    void shouldStopTheCommandOfAUserWhoIsGone() throws Exception {
        ClientSession session = in(ada);
        session.createExecChannel("wait").open().verify(SOON);
        assertThat(commands.waiting.await(20L, TimeUnit.SECONDS)).isTrue();
        session.close(true);
        assertThat(commands.stopped.await(20L, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldStopACommandOnCtrlC() throws Exception {
        try (ClientSession session = in(ada);
                ChannelExec channel = session.createExecChannel("wait")) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            channel.setUsePty(true);
            channel.setOut(out);
            channel.open().verify(SOON);
            assertThat(commands.waiting.await(20L, TimeUnit.SECONDS)).isTrue();
            channel.getInvertedIn().write(3);
            channel.getInvertedIn().flush();
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), SOON);
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("stopped\r\n");
        }
    }

    @Test
    void shouldTurnAwayOneConnectionTooMany() throws IOException {
        for (int i = 0; i < SESSIONS_MAX; i++) {
            in(ada);
        }
        assertThatThrownBy(() -> in(ada)).isInstanceOf(IOException.class);
        client.close();
        SshClient another = SshClient.setUpDefaultClient();
        another.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        another.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        another.setServerKeyVerifier((session, address, key) -> true);
        another.start();
        client = another;
        await().atMost(SOON).ignoreExceptionsInstanceOf(IOException.class).until(() -> in(ada).isAuthenticated());
    }

    @Test
    void shouldCloseAConnectionThatIsIdle() throws IOException {
        listener.close();
        listener = listener(1_000L);
        ClientSession session = in(ada);
        await().atMost(SOON).until(session::isClosed);
    }

    @Test
    void shouldSayThatTheShellIsAway() throws IOException {
        present.set(null);
        assertThat(exec("say a", "")).isEqualTo(new Ended("", "the shell is being replaced; try again\n", 1));
    }

    @Test
    void shouldEndSessionsWhenItCloses() throws Exception {
        ClientSession session = in(ada);
        ChannelShell channel = session.createShellChannel();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        channel.setUsePty(true);
        channel.setOut(out);
        channel.open().verify(SOON);
        await().atMost(SOON).until(() -> out.size() > 0);
        listener.close();
        assertThat(commands.hungUp.await(20L, TimeUnit.SECONDS)).isTrue();
        await().atMost(SOON).until(session::isClosed);
        assertThatThrownBy(this::connected).isInstanceOf(IOException.class);
        assertThat(Objects.requireNonNull(channel).isClosed()).isTrue();
        await().atMost(SOON).until(() -> Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .noneMatch(name -> name.contains("SshServer")));
    }
}
