package io.sluice.admin.provision;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** A running framework in a directory, with a provisioner on it; {@link #restart} starts anew with an empty cache or the old one. */
final class FrameworkFixture implements AutoCloseable {
    private final Path directory;
    private BundleHealth health = BundleHealth.UNKNOWN;
    private Framework framework;
    private FrameworkBundles bundles;
    private Provisioner provisioner;
    private Features features;
    private DeployFolder deploy;

    FrameworkFixture(Path directory) throws Exception {
        this.directory = directory;
        open("cache");
    }

    private void open(String cache) throws BundleException, IOException {
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE, directory.resolve(cache).toString(), "felix.log.level", "0"));
        framework.start();
        BundleContext context = framework.getBundleContext();
        bundles = new FrameworkBundles(context);
        SystemRepository system = new SystemRepository(home().resolve("system"));
        provisioner = new Provisioner(
                bundles,
                system,
                new PluginFolder(plugins()),
                new PluginStateFile(plugins()),
                new AppliedMarks(directory.resolve(cache + "-applied.properties")),
                new BundleHealth() {
                    @Override
                    public boolean isWell(Bundle bundle) {
                        return health.isWell(bundle);
                    }

                    @Override
                    public List<String> roles(Bundle bundle) {
                        return health.roles(bundle);
                    }

                    @Override
                    public String awaitFailure(Bundle bundle, List<String> rolesBefore) {
                        return health.awaitFailure(bundle, rolesBefore);
                    }

                    @Override
                    public void forget(String name) {
                        health.forget(name);
                    }
                });
        features = new Features(
                home().resolve("features"),
                plugins().resolve("features"),
                bundles,
                system,
                provisioner,
                (pid, map) -> {});
        deploy = new DeployFolder(deployDirectory(), bundles, provisioner, features);
    }

    void restart(String cache) throws Exception {
        stop();
        open(cache);
        provisioner.reconcile();
        features.reconcile();
    }

    private void stop() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(10_000);
    }

    void health(BundleHealth next) {
        this.health = next;
    }

    Path home() {
        return directory.resolve("home");
    }

    Path plugins() {
        return directory.resolve("plugins");
    }

    Path deployDirectory() {
        return directory.resolve("deploy");
    }

    Path incoming(String file) {
        return directory.resolve("incoming").resolve(file);
    }

    /** A bundle of the distribution's: in {@code system/}, installed and started. */
    Bundle shipped(TestJars jar, String file) throws Exception {
        Path path = jar.write(home().resolve("system").resolve(file));
        Bundle bundle = bundles.install(FrameworkBundles.shippedLocation(path), path);
        bundles.start(bundle);
        return bundle;
    }

    FrameworkBundles bundles() {
        return bundles;
    }

    Provisioner provisioner() {
        return provisioner;
    }

    Features features() {
        return features;
    }

    DeployFolder deploy() {
        return deploy;
    }

    String version(String name) {
        Bundle bundle = bundles.find(name);
        return bundle == null ? "absent" : bundle.getVersion() + " " + FrameworkBundles.state(bundle);
    }

    @Override
    public void close() throws Exception {
        stop();
    }
}
