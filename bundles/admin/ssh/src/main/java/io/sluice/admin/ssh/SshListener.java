package io.sluice.admin.ssh;

import io.sluice.admin.api.CommandLine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open listener: MINA SSHD with public keys as the only way in, commands and the shell as the only things to do; no forwarding of ports, agents or displays, no subsystems. Two
 * threads do its I/O, commands run on threads of ours.
 */
final class SshListener implements AutoCloseable {
    /** What a connection may ask: which ways in there are, whether each of six keys would do, and in with one of them. */
    static final int AUTHENTICATIONS_MAX = 8;

    static final Duration AUTHENTICATION_TIME = Duration.ofSeconds(30L);

    private static final Logger LOG = LoggerFactory.getLogger(SshListener.class);
    private static final Duration STOP_TIME = Duration.ofSeconds(3L);
    private static final Duration COMMAND_END_TIME = Duration.ofMillis(500L);
    private static final long WINDOW_BYTES = 128L * 1024L;
    private static final int CHANNELS_MAX = 8;
    private static final int IO_THREADS = 2;

    private final SshServer server;
    private final InetSocketAddress bound;
    private final KeyPair key;

    private SshListener(SshServer server, InetSocketAddress bound, KeyPair key) {
        this.server = server;
        this.bound = bound;
        this.key = key;
    }

    /** Reads or makes the host key, and opens the port. Takes some hundred milliseconds at the first time. */
    static SshListener open(
            SshConfig config, AuthorizedKeys keys, Supplier<@Nullable CommandLine> commands, Executor threads)
            throws IOException {
        KeySupport.make();
        KeyPair key = HostKey.in(config.directory());
        SshServer server = server(config, keys, key);
        SshRequests requests = new SshRequests(commands, threads, config.data());
        server.setCommandFactory(requests);
        server.setShellFactory(requests);
        InetSocketAddress wanted = config.address();
        server.setHost(wanted.getAddress().getHostAddress());
        server.setPort(wanted.getPort());
        try {
            server.start();
            SocketAddress bound = server.getBoundAddresses().iterator().next();
            return new SshListener(server, (InetSocketAddress) bound, key);
        } catch (IOException | RuntimeException e) {
            stop(server);
            throw e;
        }
    }

    private static SshServer server(SshConfig config, AuthorizedKeys keys, KeyPair key) {
        KeyAuthenticator authenticator = new KeyAuthenticator(keys, config.acceptsAnyKey());
        SshServer server = ServerBuilder.builder()
                .publickeyAuthenticator(authenticator)
                .signatureFactories(List.of(
                        BuiltinSignatures.ed25519,
                        BuiltinSignatures.nistp256,
                        BuiltinSignatures.nistp384,
                        BuiltinSignatures.nistp521,
                        BuiltinSignatures.rsaSHA512,
                        BuiltinSignatures.rsaSHA256))
                .compressionFactories(List.of(BuiltinCompressions.none))
                .channelFactories(List.of(ChannelSessionFactory.INSTANCE))
                .globalRequestHandlers(List.of(KeepAliveHandler.INSTANCE, NoMoreSessionsHandler.INSTANCE))
                .forwardingFilter(RejectAllForwardingFilter.INSTANCE)
                .build();
        server.setKeyPairProvider(KeyPairProvider.wrap(key));
        server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        server.setKeyboardInteractiveAuthenticator(null);
        server.setPasswordAuthenticator(null);
        server.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory());
        server.addSessionListener(authenticator);
        server.addSessionListener(new SessionLimit(config.sessionsMax()));
        CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "Sluice");
        CoreModuleProperties.NIO_WORKERS.set(server, IO_THREADS);
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, AUTHENTICATIONS_MAX);
        CoreModuleProperties.AUTH_TIMEOUT.set(server, AUTHENTICATION_TIME);
        CoreModuleProperties.IDLE_TIMEOUT.set(server, Duration.ofMillis(config.idleTimeoutMs()));
        CoreModuleProperties.STOP_WAIT_TIME.set(server, STOP_TIME);
        CoreModuleProperties.COMMAND_EXIT_TIMEOUT.set(server, COMMAND_END_TIME);
        CoreModuleProperties.WINDOW_SIZE.set(server, WINDOW_BYTES);
        CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(server, CHANNELS_MAX);
        CoreModuleProperties.TCP_NODELAY.set(server, true);
        return server;
    }

    /** HOST:PORT. */
    String whereabouts() {
        return bound.getAddress().getHostAddress() + ":" + bound.getPort();
    }

    String fingerprint() {
        return KeyUtils.getFingerPrint(key.getPublic());
    }

    /** Ends the listener and all sessions; those who run commands are told to stop. */
    @Override
    public void close() {
        stop(server);
    }

    private static void stop(SshServer server) {
        try {
            if (server.isStarted()) {
                server.stop(true);
            } else {
                server.close(true);
            }
        } catch (IOException e) {
            LOG.warn("the ssh listener did not stop cleanly: {}", e.toString());
        }
    }
}
