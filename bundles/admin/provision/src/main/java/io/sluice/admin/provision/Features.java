package io.sluice.admin.provision;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Features of the distribution and from files: what they hold, and installing what is missing. Changes run on the operations thread. */
final class Features {
    private static final Logger LOG = LoggerFactory.getLogger(Features.class);

    private final Path directory;
    private final Path kept;
    private final FrameworkBundles bundles;
    private final SystemRepository system;
    private final Provisioner provisioner;
    private final BiConsumer<String, Map<String, Object>> configure;

    /**
     * @param directory the distribution's features
     * @param kept where the features that came from elsewhere are kept
     * @param configure sets a configuration by PID where there is none
     */
    Features(
            Path directory,
            Path kept,
            FrameworkBundles bundles,
            SystemRepository system,
            Provisioner provisioner,
            BiConsumer<String, Map<String, Object>> configure) {
        this.directory = directory;
        this.kept = kept;
        this.bundles = bundles;
        this.system = system;
        this.provisioner = provisioner;
        this.configure = configure;
    }

    /** All that are known, by name. */
    Map<String, FeatureFile> known() throws IOException, ProvisionException {
        Map<String, FeatureFile> known = new TreeMap<>();
        for (Path folder : List.of(directory, kept)) {
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
                    for (Path file : files) {
                        FeatureFile feature = FeatureFile.read(file);
                        known.put(feature.name(), feature);
                    }
                }
            }
        }
        return known;
    }

    FeatureFile find(String name) throws IOException, ProvisionException {
        Map<String, FeatureFile> known = known();
        FeatureFile feature = known.get(name);
        if (feature == null) {
            throw new ProvisionException(
                    "there is no feature " + name + "; there are " + String.join(", ", known.keySet()));
        }
        return feature;
    }

    boolean isInstalled(FeatureFile feature) throws IOException {
        for (String id : feature.bundles()) {
            PluginJar jar = jar(id);
            if (jar == null || bundles.find(jar.name()) == null) {
                return false;
            }
        }
        return true;
    }

    /** The bundles of a feature that are not there. */
    List<PluginJar> missing(FeatureFile feature) throws IOException, ProvisionException {
        List<PluginJar> missing = new ArrayList<>();
        for (String id : feature.bundles()) {
            PluginJar jar = PluginJar.read(system.resolve(id));
            if (bundles.find(jar.name()) == null) {
                missing.add(jar);
            }
        }
        return missing;
    }

    private @Nullable PluginJar jar(String id) throws IOException {
        try {
            return PluginJar.read(system.resolve(id));
        } catch (ProvisionException e) {
            LOG.debug("{}", e.getMessage());
            return null;
        }
    }

    /**
     * Installs what is missing: all of it or, when one fails to resolve, nothing.
     *
     * @param drop the file in {@code deploy/} that it came from, or null
     */
    List<String> install(FeatureFile feature, @Nullable String drop) throws IOException, ProvisionException {
        List<PluginJar> missing = missing(feature);
        feature.configurations().forEach(configure);
        List<Bundle> installed = new ArrayList<>();
        try {
            for (PluginJar jar : missing) {
                installed.add(bundles.install(FrameworkBundles.shippedLocation(jar.path()), jar.path()));
            }
            for (Bundle bundle : installed) {
                provisioner.startUnlessStopped(bundle);
            }
        } catch (IOException | BundleException e) {
            takeBack(installed);
            throw new ProvisionException(
                    "feature " + feature.name() + " was not installed, because " + Provisioner.reason(e), e);
        }
        provisioner.change(present -> present.withFeature(feature.name(), drop == null ? "installed" : drop));
        return missing.stream().map(PluginJar::name).toList();
    }

    private void takeBack(List<Bundle> installed) {
        for (Bundle bundle : installed) {
            try {
                bundles.uninstall(bundle);
            } catch (BundleException e) {
                LOG.warn("{} could not be taken back: {}", bundle.getSymbolicName(), e.getMessage());
            }
        }
    }

    /** The bundles that go with a feature: those that no other installed feature has. */
    List<Bundle> leaving(FeatureFile feature) throws IOException, ProvisionException {
        Set<String> others = new HashSet<>();
        for (FeatureFile other : known().values()) {
            if (!other.name().equals(feature.name()) && isInstalled(other)) {
                others.addAll(other.bundles());
            }
        }
        List<Bundle> leaving = new ArrayList<>();
        for (String id : feature.bundles()) {
            PluginJar jar = others.contains(id) ? null : jar(id);
            Bundle bundle = jar == null ? null : bundles.find(jar.name());
            if (bundle != null) {
                leaving.add(bundle);
            }
        }
        return leaving;
    }

    /** @param leaving as {@link #leaving} said */
    void uninstall(FeatureFile feature, List<Bundle> leaving) throws IOException, ProvisionException {
        provisioner.change(present -> present.withoutFeature(feature.name()));
        try {
            for (int i = leaving.size() - 1; i >= 0; i--) {
                leaving.get(i).uninstall();
            }
            bundles.refresh(leaving);
        } catch (BundleException e) {
            throw new ProvisionException(
                    "feature " + feature.name() + " went only in part, because " + Provisioner.reason(e), e);
        }
    }

    /** At start: installs again the features that the state names. */
    void reconcile() {
        for (Map.Entry<String, String> entry : provisioner.state().features().entrySet()) {
            try {
                install(find(entry.getKey()), entry.getValue().equals("installed") ? null : entry.getValue());
            } catch (IOException | ProvisionException e) {
                LOG.warn("the feature {} is not as it was installed: {}", entry.getKey(), e.getMessage());
            }
        }
    }

    /** Keeps a feature file that is not the distribution's. */
    FeatureFile keep(Path file) throws IOException, ProvisionException {
        FeatureFile feature = FeatureFile.read(file);
        Files.createDirectories(kept);
        Files.copy(file, kept.resolve(feature.name() + ".json"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return feature;
    }
}
