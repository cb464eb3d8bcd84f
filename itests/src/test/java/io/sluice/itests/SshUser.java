package io.sluice.itests;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;

/** Somebody with an ssh client and a key of his own. Closing ends his connections. */
final class SshUser implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(30L);

    private final SshClient client;
    private final KeyPair key;
    private final AtomicReference<String> hostKey = new AtomicReference<>("");

    SshUser() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        key = generator.generateKeyPair();
        client = SshClient.setUpDefaultClient();
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setServerKeyVerifier((session, address, shown) -> {
            hostKey.set(PublicKeyEntry.toString(shown));
            return true;
        });
        client.start();
    }

    /** The line for {@code authorized_keys}. */
    String line() {
        return PublicKeyEntry.toString(key.getPublic()) + " user";
    }

    /** The key of the broker that was spoken to last, as its public file has it. */
    String hostKey() {
        return hostKey.get();
    }

    /** The keys that the broker lets in from now on. */
    static void authorize(BrokerProcess broker, String... lines) throws IOException {
        Path file = broker.data().resolve("ssh").resolve("authorized_keys");
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling("part");
        Files.writeString(part, String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-------"));
        Files.move(part, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    ClientSession connect(int port) throws IOException {
        return client.connect("somebody", "127.0.0.1", port).verify(SOON).getSession();
    }

    /** In with the key. */
    ClientSession login(int port) throws IOException {
        ClientSession session = connect(port);
        session.addPublicKeyIdentity(key);
        try {
            session.auth().verify(SOON);
            return session;
        } catch (IOException e) {
            session.close(true);
            throw e;
        }
    }

    /** Whether the key is let in. */
    boolean isLetIn(int port) throws IOException {
        try (ClientSession session = login(port)) {
            return session.isAuthenticated();
        } catch (org.apache.sshd.common.SshException e) {
            return false;
        }
    }

    /** Whether a password would do. */
    boolean isLetInByPassword(int port) throws IOException {
        try (ClientSession session = connect(port)) {
            session.addPasswordIdentity("sluice");
            session.auth().verify(SOON);
            return true;
        } catch (org.apache.sshd.common.SshException e) {
            return false;
        }
    }

    /** One command. */
    static BrokerProcess.Result exec(ClientSession session, String line) throws IOException {
        try (ChannelExec channel = session.createExecChannel(line)) {
            return ended(channel, "");
        }
    }

    /** Commands line by line, with no terminal. */
    static BrokerProcess.Result script(ClientSession session, String lines) throws IOException {
        try (ChannelShell channel = session.createShellChannel()) {
            channel.setUsePty(false);
            return ended(channel, lines);
        }
    }

    private static BrokerProcess.Result ended(ClientChannel channel, String input) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        channel.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        channel.setOut(out);
        channel.setErr(err);
        channel.open().verify(SOON);
        if (!channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), SOON).contains(ClientChannelEvent.CLOSED)) {
            throw new AssertionError("the channel did not end; it said: " + out + err);
        }
        Integer code = channel.getExitStatus();
        return new BrokerProcess.Result(
                code == null ? -1 : code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
