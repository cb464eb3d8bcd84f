package io.sluice.admin.ssh;

import io.sluice.admin.api.CommandLine;
import io.sluice.admin.api.HealthCheck;
import io.sluice.admin.api.ServingThreads;
import io.sluice.base.Scheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listener that {@code ssh.listener} asks for, from its opening to its end. It opens once the broker is ready, so that no start waits for a key to be made
 * or for the classes of ssh. The doctor is told when it could not be opened, and of keys that are not let in.
 */
final class SshFace implements HealthCheck, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SshFace.class);
    private static final long LOOK_MS = 200L;

    /** As many commands and sessions there are at a time, over all connections. */
    private static final int SERVED_MAX = 64;

    private static final String ABOUT = "ssh";

    private final SshConfig config;
    private final Supplier<@Nullable CommandLine> commands;
    private final Scheduler scheduler;
    private final BooleanSupplier started;
    private Scheduler.@Nullable Cancellable timer;
    private @Nullable ServingThreads threads;
    private @Nullable SshListener listener;
    private boolean closed;
    private volatile @Nullable String failure;
    private volatile @Nullable AuthorizedKeys keys;

    SshFace(SshConfig config, Supplier<@Nullable CommandLine> commands, Scheduler scheduler, BooleanSupplier started) {
        this.config = config;
        this.commands = commands;
        this.scheduler = scheduler;
        this.started = started;
    }

    /** Opens it as soon as the broker is ready, on a thread of its own. */
    synchronized void openSoon() {
        if (closed) {
            return;
        }
        if (!started.getAsBoolean()) {
            timer = scheduler.schedule(LOOK_MS, this::openSoon);
            return;
        }
        ServingThreads made = new ServingThreads("sluice-ssh", SERVED_MAX);
        threads = made;
        made.execute(() -> open(made));
    }

    private synchronized void open(ServingThreads executor) {
        if (closed) {
            return;
        }
        try {
            Files.createDirectories(config.data().resolve("run"));
            Files.deleteIfExists(config.whereabouts());
            AuthorizedKeys authorized = new AuthorizedKeys(config.directory(), config.data());
            SshListener opened = SshListener.open(config, authorized, commands, executor);
            listener = opened;
            keys = authorized;
            Files.writeString(config.whereabouts(), opened.whereabouts() + "\n");
            authorized.reload();
            LOG.info("the shell is at ssh {}, whose host key is {}", opened.whereabouts(), opened.fingerprint());
        } catch (IOException | RuntimeException | LinkageError e) {
            failure = "ssh.listener " + config.listener() + " could not be opened: " + e.getMessage();
            LOG.error("{}", failure, e);
        }
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        String why = failure;
        if (why != null) {
            findings.add(Finding.error(ABOUT, why, "see to that, or set another ssh.listener, and restart the broker"));
        }
        AuthorizedKeys authorized = keys;
        if (authorized != null) {
            for (AuthorizedKeys.Problem problem : authorized.reload()) {
                findings.add(Finding.warning(problem.where(), problem.what(), problem.fix()));
            }
        }
        return findings;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (timer != null) {
            timer.cancel();
        }
        if (listener != null) {
            listener.close();
            try {
                Files.deleteIfExists(config.whereabouts());
            } catch (IOException e) {
                LOG.warn("{} could not be deleted", config.whereabouts(), e);
            }
        }
        if (threads != null) {
            threads.close();
        }
    }
}
