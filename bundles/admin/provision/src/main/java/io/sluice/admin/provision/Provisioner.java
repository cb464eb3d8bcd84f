package io.sluice.admin.provision;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs, replaces and removes single bundles, and writes down what it did: a change that does not resolve, start or open
 * is taken back. Every change runs on the one operations thread; {@link #state()} and {@link #problems()} may be read from any.
 */
final class Provisioner {
    private static final Logger LOG = LoggerFactory.getLogger(Provisioner.class);
    private static final String LOCATION = "sluice-plugin:";

    private final FrameworkBundles bundles;
    private final SystemRepository system;
    private final PluginFolder folder;
    private final PluginStateFile file;
    private final AppliedMarks marks;
    private final BundleHealth health;
    private final Map<String, String> problems = new ConcurrentHashMap<>();
    private volatile PluginState state;

    Provisioner(
            FrameworkBundles bundles,
            SystemRepository system,
            PluginFolder folder,
            PluginStateFile file,
            AppliedMarks marks,
            BundleHealth health)
            throws IOException {
        this.bundles = bundles;
        this.system = system;
        this.folder = folder;
        this.file = file;
        this.marks = marks;
        this.health = health;
        this.state = file.load();
    }

    PluginState state() {
        return state;
    }

    /** What could not be put in place at start, by symbolic name. */
    Map<String, String> problems() {
        return new TreeMap<>(problems);
    }

    Preview previewOf(PluginJar jar) {
        Bundle present = bundles.find(jar.name());
        return new Preview(
                jar.name(),
                present == null ? null : present.getVersion().toString(),
                jar.version().toString(),
                present == null ? List.of() : FrameworkBundles.names(bundles.closureBeyond(present)));
    }

    Preview previewRemoval(Bundle bundle) {
        return new Preview(
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                null,
                FrameworkBundles.names(bundles.closureBeyond(bundle)));
    }

    /**
     * Installs a bundle that is not there.
     *
     * @param drop the file in {@code deploy/} it came from, or null
     * @return what is still amiss although it was installed: null, or a sentence
     * @throws ProvisionException when it is there, or does not resolve or start; then nothing has changed
     */
    @Nullable
    String install(PluginJar jar, @Nullable String drop) throws ProvisionException {
        Bundle present = bundles.find(jar.name());
        if (present != null) {
            throw new ProvisionException(jar.name() + " " + present.getVersion() + " is installed; plugin:update "
                    + jar.name() + " FILE replaces it");
        }
        try {
            if (drop == null && isOriginal(jar)) {
                put(jar);
                forget(jar.name());
                folder.sweep(state);
                return health.awaitFailure(java.util.Objects.requireNonNull(bundles.find(jar.name())), List.of());
            }
            String kept = folder.keep(jar);
            Bundle bundle = bundles.install(location(jar.name()), folder.path(kept));
            String failure = startFailure(bundle);
            if (failure != null) {
                bundles.uninstall(bundle);
                folder.sweep(state);
                throw new ProvisionException(
                        jar.name() + " " + jar.version() + " was not installed, because " + failure);
            }
            PluginRecord before = state.record(jar.name());
            record(PluginRecord.of(jar, kept, before == null ? null : before.previousJar(), drop));
            return FrameworkBundles.isFragment(bundle) ? null : health.awaitFailure(bundle, List.of());
        } catch (IOException | BundleException e) {
            throw new ProvisionException(
                    jar.name() + " " + jar.version() + " was not installed, because " + reason(e), e);
        }
    }

    /** The distribution's own jar: nothing has to be kept. */
    private boolean isOriginal(PluginJar jar) throws IOException {
        PluginJar original = system.find(jar.name());
        return original != null && original.sha256().equals(jar.sha256());
    }

    private @Nullable String startFailure(Bundle bundle) {
        try {
            bundles.start(bundle);
            return null;
        } catch (BundleException e) {
            return reason(e);
        }
    }

    /**
     * Puts another jar in a bundle's place; if it does not work, the one before is put back.
     *
     * @throws ProvisionException when it was refused or taken back; the bundle is then as it was
     */
    void update(PluginJar jar, @Nullable String drop, boolean cascade) throws ProvisionException {
        Bundle bundle = bundles.find(jar.name());
        if (bundle == null) {
            throw new ProvisionException(jar.name() + " is not installed; plugin:install FILE does it");
        }
        previewOf(jar).requireAgreement(cascade);
        PluginRecord before = state.record(jar.name());
        try {
            Path old = presentJar(bundle, before);
            String kept = folder.keep(jar);
            exchange(bundle, folder.path(kept), old, jar.version().toString());
            record(PluginRecord.of(jar, kept, before == null ? null : before.jar(), drop));
            folder.sweep(state);
        } catch (IOException e) {
            throw new ProvisionException(jar.name() + " was not updated, because " + e.getMessage(), e);
        }
    }

    private void exchange(Bundle bundle, Path next, @Nullable Path old, String nextVersion) throws ProvisionException {
        String name = bundle.getSymbolicName();
        String oldVersion = bundle.getVersion().toString();
        boolean run = FrameworkBundles.isRunning(bundle);
        boolean wellBefore = run && health.isWell(bundle);
        List<String> roles = health.roles(bundle);
        String failure = replaceFailure(bundle, next, run);
        if (failure == null && wellBefore) { // one that was ill before is not to be taken back for being ill
            failure = health.awaitFailure(bundle, roles);
        }
        if (failure == null) {
            return;
        }
        String back = old == null ? "its old jar is not known" : replaceFailure(bundle, old, run);
        throw new ProvisionException(
                back == null
                        ? name + " " + nextVersion + " was taken back to " + oldVersion + ", because " + failure
                        : name + " " + nextVersion + " failed, because " + failure + "; " + oldVersion
                                + " could not be put back, because " + back);
    }

    private @Nullable String replaceFailure(Bundle bundle, Path jar, boolean run) {
        try {
            bundles.replace(bundle, jar, run);
            return null;
        } catch (IOException | BundleException e) {
            LOG.debug("{} was not replaced", bundle, e);
            return reason(e);
        }
    }

    /** Goes back to the jar before; where that was the distribution's, to that. */
    Preview rollback(String name, boolean cascade, boolean dryRun) throws ProvisionException {
        PluginRecord now = state.record(name);
        if (now == null) {
            throw new ProvisionException(name + " was never changed here: there is nothing to go back to");
        }
        try {
            PluginJar target = before(now);
            Preview preview = previewOf(target);
            preview.requireAgreement(cascade || dryRun);
            if (!dryRun) {
                goBack(now, target);
            }
            return preview;
        } catch (IOException e) {
            throw new ProvisionException(name + " did not go back, because " + e.getMessage(), e);
        }
    }

    private void goBack(PluginRecord now, PluginJar target) throws ProvisionException, IOException {
        Bundle bundle = bundles.find(now.name());
        String previous = now.previousJar();
        if (bundle == null) {
            put(target);
        } else {
            exchange(
                    bundle,
                    target.path(),
                    presentJar(bundle, now),
                    target.version().toString());
        }
        if (previous == null) {
            forget(now.name());
        } else {
            record(PluginRecord.of(target, previous, now.jar(), null));
        }
        folder.sweep(state);
    }

    private PluginJar before(PluginRecord now) throws ProvisionException, IOException {
        if (now.previousJar() != null) {
            return PluginJar.read(folder.path(now.previousJar()));
        }
        PluginJar original = system.find(now.name());
        if (original == null) {
            throw new ProvisionException(
                    "there is no earlier jar of " + now.name() + "; plugin:remove " + now.name() + " takes it away");
        }
        return original;
    }

    /** Takes a bundle away, also one of the distribution's; that is remembered. */
    void remove(Bundle bundle, boolean cascade) throws ProvisionException {
        String name = bundle.getSymbolicName();
        PluginRecord record = state.record(name);
        if (record != null && record.drop() != null) {
            throw new ProvisionException(name + " came by drop; delete deploy/" + record.drop());
        }
        previewRemoval(bundle).requireAgreement(cascade);
        try {
            String version = bundle.getVersion().toString();
            bundles.uninstall(bundle);
            health.forget(name);
            keepStop(name, false);
            if (system.find(name) != null) {
                record(PluginRecord.removed(name, version, record == null ? null : record.jar()));
            } else {
                forget(name);
            }
            folder.sweep(state);
        } catch (IOException | BundleException e) {
            throw new ProvisionException(name + " was not removed, because " + reason(e), e);
        }
    }

    /** What follows when a dropped file is gone: the distribution's version comes back, or the bundle goes. */
    void undrop(String name) throws ProvisionException {
        PluginRecord record = state.record(name);
        Bundle bundle = bundles.find(name);
        try {
            PluginJar original = system.find(name);
            if (bundle != null) {
                (original == null ? previewRemoval(bundle) : previewOf(original)).requireAgreement(false);
                if (original == null) {
                    bundles.uninstall(bundle);
                    health.forget(name);
                } else {
                    exchange(
                            bundle,
                            original.path(),
                            presentJar(bundle, record),
                            original.version().toString());
                }
            }
            forget(name);
            folder.sweep(state);
        } catch (IOException | BundleException e) {
            throw new ProvisionException(name + " stayed, because " + reason(e), e);
        }
    }

    /** A dropped file holds what is installed already. */
    void adopt(PluginRecord record, String drop) throws IOException {
        if (!drop.equals(record.drop())) {
            record(record.withDrop(drop));
        }
    }

    /** The dropped file is gone, but its bundle has to stay. */
    void keepWithoutDrop(PluginRecord record, String why) {
        try {
            record(record.withDrop(null));
        } catch (IOException e) {
            LOG.warn("the state of {} was not kept: {}", record.name(), e.toString());
        }
        problems.put(record.name(), why);
    }

    /** Starts a bundle, now and whenever the broker starts. */
    void start(Bundle bundle) throws BundleException, IOException {
        bundles.start(bundle);
        keepStop(bundle.getSymbolicName(), false);
    }

    /** @param kept whether it stays stopped when the broker starts again */
    void stop(Bundle bundle, boolean kept) throws BundleException, IOException {
        bundle.stop(kept ? 0 : Bundle.STOP_TRANSIENT);
        if (kept) {
            keepStop(bundle.getSymbolicName(), true);
        }
    }

    private void keepStop(String name, boolean isStopped) throws IOException {
        if (file.load().stopped().contains(name) != isStopped) {
            change(present -> present.withStopped(name, isStopped));
        }
    }

    void startUnlessStopped(Bundle bundle) throws BundleException {
        if (!state.stopped().contains(bundle.getSymbolicName())) {
            bundles.start(bundle);
        }
    }

    /** At start: makes the framework's bundles what the state says they are. A bundle that cannot be is a problem, not a failure. */
    void reconcile() {
        for (PluginRecord record : state.records().values()) {
            try {
                reconcile(record);
            } catch (ProvisionException | IOException | BundleException e) {
                LOG.warn("{} is not as it was installed: {}", record.name(), reason(e));
                problems.put(record.name(), reason(e));
            }
        }
    }

    private void reconcile(PluginRecord record) throws ProvisionException, IOException, BundleException {
        Bundle bundle = bundles.find(record.name());
        String kept = record.jar();
        if (kept == null) {
            if (bundle != null) {
                bundles.uninstall(bundle);
            }
        } else if (!Files.exists(folder.path(kept))) {
            throw new ProvisionException("plugins/" + kept + " is missing; plugin:install FILE brings it back");
        } else if (bundle == null) {
            startUnlessStopped(bundles.install(location(record.name()), folder.path(kept)));
            marks.set(record.name(), record.sha256());
        } else if (!record.sha256().equals(marks.sha256(record.name()))) {
            bundles.replace(bundle, folder.path(kept), FrameworkBundles.isRunning(bundle));
            marks.set(record.name(), record.sha256());
        }
    }

    /** Puts a jar in place without a record of its own. */
    private void put(PluginJar jar) throws ProvisionException {
        try {
            bundles.start(bundles.install(location(jar.name()), jar.path()));
        } catch (IOException | BundleException e) {
            throw new ProvisionException(jar.name() + " was not installed, because " + reason(e), e);
        }
    }

    /**
     * A bundle that the distribution has keeps the location that the launcher gave it, so that the launcher finds it there at
     * the next start and does not install its own jar beside it.
     */
    private String location(String name) throws IOException {
        PluginJar original = system.find(name);
        return original == null ? LOCATION + name : FrameworkBundles.shippedLocation(original.path());
    }

    /**
     * Changes what the file holds, not what was read at start: while this very bundle is being replaced, its next version
     * has read the file before the last one has written that it was replaced.
     */
    void change(UnaryOperator<PluginState> change) throws IOException {
        PluginState next = change.apply(file.load());
        file.store(next);
        state = next;
    }

    private @Nullable Path presentJar(Bundle bundle, @Nullable PluginRecord record) throws IOException {
        if (record != null && record.jar() != null) {
            return folder.path(record.jar());
        }
        PluginJar original = system.find(bundle.getSymbolicName());
        if (original != null && original.version().equals(bundle.getVersion())) {
            return original.path();
        }
        String location = bundle.getLocation().replaceFirst("^(reference:|initial@)", "");
        return location.startsWith("file:")
                ? existing(Path.of(URI.create(location).getPath()))
                : null;
    }

    private static @Nullable Path existing(Path path) {
        return Files.isRegularFile(path) ? path : null;
    }

    private void record(PluginRecord record) throws IOException {
        change(present -> present.with(record));
        problems.remove(record.name());
        if (record.isRemoved()) {
            marks.clear(record.name());
        } else {
            marks.set(record.name(), record.sha256());
        }
    }

    private void forget(String name) throws IOException {
        change(present -> present.without(name));
        problems.remove(name);
        marks.clear(name);
    }

    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause instanceof BundleException) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }
}
