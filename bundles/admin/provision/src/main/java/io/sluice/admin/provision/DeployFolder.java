package io.sluice.admin.provision;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bundles and features by drop: looks into {@code deploy/} and does what a file that is new, changed or gone asks for. A file
 * counts once it has not changed between two looks and is a whole jar, so that one still being copied is left alone. What
 * would restart other bundles is refused. Runs on the operations thread; {@link #refusals()} may be read from any.
 */
final class DeployFolder {
    private static final Logger LOG = LoggerFactory.getLogger(DeployFolder.class);

    private final Path directory;
    private final FrameworkBundles bundles;
    private final Provisioner provisioner;
    private final Features features;
    private final Map<Path, Seen> seen = new HashMap<>();
    private final Map<String, String> refusals = new ConcurrentHashMap<>();

    DeployFolder(Path directory, FrameworkBundles bundles, Provisioner provisioner, Features features) {
        this.directory = directory;
        this.bundles = bundles;
        this.provisioner = provisioner;
        this.features = features;
    }

    /** Why files were not taken, by file name. */
    Map<String, String> refusals() {
        return new TreeMap<>(refusals);
    }

    /**
     * One look.
     *
     * @return true when a file has to be looked at again soon, to see whether it still changes
     */
    boolean look() {
        Map<Path, Stamp> present;
        try {
            present = list();
        } catch (IOException e) {
            LOG.warn("deploy/ cannot be read: {}", e.toString());
            return false;
        }
        present.forEach(this::consider);
        seen.keySet().removeIf(file -> !present.containsKey(file));
        refusals.keySet().removeIf(name -> !present.containsKey(directory.resolve(name)));
        takeAwayWhatIsGone(present);
        return seen.values().stream().anyMatch(file -> !file.handled());
    }

    private Map<Path, Stamp> list() throws IOException {
        Map<Path, Stamp> present = new TreeMap<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.{jar,json}")) {
                for (Path file : files) {
                    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                    if (attributes.isRegularFile()) {
                        present.put(
                                file,
                                new Stamp(
                                        attributes.size(),
                                        attributes.lastModifiedTime().toMillis()));
                    }
                }
            }
        }
        return present;
    }

    private void consider(Path file, Stamp stamp) {
        Seen before = seen.get(file);
        if (before == null || !before.stamp().equals(stamp)) {
            seen.put(file, new Seen(stamp, false));
        } else if (!before.handled()) {
            seen.put(file, new Seen(stamp, true));
            take(file);
        }
    }

    private void take(Path file) {
        String name = file.getFileName().toString();
        try {
            if (name.endsWith(".json")) {
                FeatureFile feature = features.keep(file);
                LOG.info(
                        "deploy/{}: the feature {} installed {}",
                        name,
                        feature.name(),
                        features.install(feature, name));
            } else {
                takeBundle(PluginJar.read(file), name);
            }
            refusals.remove(name);
        } catch (ProvisionException | IOException e) {
            refusals.put(name, String.valueOf(e.getMessage()));
            LOG.warn("deploy/{} was refused: {}", name, e.getMessage());
        }
    }

    private void takeBundle(PluginJar jar, String name) throws ProvisionException, IOException {
        Bundle present = bundles.find(jar.name());
        PluginRecord record = provisioner.state().record(jar.name());
        if (present == null) {
            String amiss = provisioner.install(jar, name);
            LOG.info(
                    "deploy/{}: installed {} {}{}",
                    name,
                    jar.name(),
                    jar.version(),
                    amiss == null ? "" : ", but " + amiss);
        } else if (record != null && record.sha256().equals(jar.sha256())) {
            provisioner.adopt(record, name);
        } else if (jar.version().compareTo(present.getVersion()) < 0
                && (record == null || !name.equals(record.drop()))) {
            throw new ProvisionException(jar.name() + " " + jar.version() + " is older than " + present.getVersion()
                    + ", which is installed; plugin:update " + jar.name() + " FILE goes back all the same");
        } else {
            String from = present.getVersion().toString();
            provisioner.update(jar, name, false);
            LOG.info("deploy/{}: replaced {} {} by {}", name, jar.name(), from, jar.version());
        }
    }

    private void takeAwayWhatIsGone(Map<Path, Stamp> present) {
        PluginState state = provisioner.state();
        for (PluginRecord record : state.records().values()) {
            if (record.drop() != null && !present.containsKey(directory.resolve(record.drop()))) {
                takeAway(record);
            }
        }
        state.features().forEach((feature, source) -> {
            if (source.endsWith(".json") && !present.containsKey(directory.resolve(source))) {
                takeAwayFeature(feature);
            }
        });
    }

    private void takeAway(PluginRecord record) {
        try {
            provisioner.undrop(record.name());
            LOG.info("deploy/{} is gone: {} went with it", record.drop(), record.name());
        } catch (ProvisionException e) {
            provisioner.keepWithoutDrop(record, String.valueOf(e.getMessage()));
            LOG.warn("deploy/{} is gone, but {} stays: {}", record.drop(), record.name(), e.getMessage());
        }
    }

    private void takeAwayFeature(String name) {
        try {
            FeatureFile feature = features.find(name);
            features.uninstall(feature, features.leaving(feature));
        } catch (ProvisionException | IOException e) {
            LOG.warn("the feature {} stays: {}", name, e.getMessage());
        }
    }

    private record Stamp(long size, long modifiedMs) {}

    private record Seen(Stamp stamp, boolean handled) {}
}
