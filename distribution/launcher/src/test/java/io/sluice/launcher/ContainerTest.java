package io.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleException;

/** A real framework with real bundles, from a distribution that the test makes. */
class ContainerTest {
    private static final long STOP_MS = 10_000L;

    @TempDir
    private Path root;

    private Path home;
    private Path storage;
    private Container container;

    @BeforeEach
    void makeDistribution() throws Exception {
        home = root.resolve("home");
        storage = root.resolve("data/cache/framework");
        for (String folder : List.of("home/features", "home/system", "home/etc", "data/etc", "data/cache")) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.copy(Path.of("target/test-bundles/configadmin.jar"), home.resolve("system/configadmin-1.jar"));
        bundle("fine", null);
        feature("g:configadmin:1", "g:fine:1");
        container = container();
    }

    @AfterEach
    void stop() {
        assertThat(container.stop(STOP_MS)).isNull();
    }

    @Test
    void shouldGiveTheFilesOfEtcToConfigAdmin() throws Exception {
        Files.writeString(home.resolve("etc/io.sluice.part.cfg"), "size=1\nname=of the distribution\n");
        Files.writeString(root.resolve("data/etc/io.sluice.part.cfg"), "size=2\n");

        container.start(storage);

        assertThat(container.problems()).isEmpty();
        assertThat(configuration("io.sluice.part")).contains("size=\"2\"").contains("of\\ the\\ distribution");
    }

    @Test
    void shouldForgetAConfigurationWhoseFileIsGoneOnAWarmCache() throws Exception {
        Path file = Files.writeString(root.resolve("data/etc/io.sluice.part.cfg"), "size=2\n");
        container.start(storage);
        assertThat(container.stop(STOP_MS)).isNull();
        assertThat(configuration("io.sluice.part")).contains("size=\"2\"");
        Files.delete(file);

        container = container();
        container.start(storage);

        assertThat(container.problems()).isEmpty();
        assertThat(configuration("io.sluice.part")).isEmpty();
    }

    @Test
    void shouldSayWhichBundleDoesNotStartAndStartTheOthers() throws Exception {
        bundle("broken", "nowhere.to.be.found");
        feature("g:configadmin:1", "g:broken:1", "g:fine:1");

        container.start(storage);

        assertThat(container.problems()).hasSize(1);
        assertThat(container.problems().get(0))
                .startsWith("The bundle broken could not start")
                .contains("nowhere.to.be.found")
                .doesNotContain("\n");
    }

    @Test
    void shouldNotStartABundleThatWasStopped() throws Exception {
        bundle("broken", "nowhere.to.be.found");
        feature("g:configadmin:1", "g:broken:1", "g:fine:1");
        Files.createDirectories(root.resolve("data/plugins"));
        Files.writeString(root.resolve("data/plugins/state.properties"), "stopped/broken=true\n");

        container.start(storage);

        assertThat(container.problems()).isEmpty(); // it would have failed
    }

    @Test
    void shouldRefuseToStartWhenTheKernelDoesNot() throws Exception {
        bundle("io.sluice.broker.kernel", "nowhere.to.be.found");
        feature("g:configadmin:1", "g:io.sluice.broker.kernel:1");

        assertThatThrownBy(() -> container.start(storage))
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("nowhere.to.be.found");
    }

    private Container container() throws RefusedException {
        Path data = root.resolve("data");
        return new Container(home, data, RunOptions.parse(List.of("--data", data.toString())));
    }

    private String configuration(String pid) throws IOException {
        try (Stream<Path> files = Files.walk(storage)) {
            Path file = files.filter(path -> path.endsWith(pid.replace('.', '/') + ".config"))
                    .findFirst()
                    .orElse(null);
            return file == null ? "" : Files.readString(file);
        }
    }

    private void feature(String... ids) throws IOException {
        String bundles = String.join("\", \"", ids);
        Files.writeString(
                home.resolve("features/edge.json"), "{\"id\": \"g:edge:1\", \"bundles\": [\"" + bundles + "\"]}");
    }

    private void bundle(String name, String needs) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        if (needs != null) {
            main.putValue("Import-Package", needs);
        }
        try (OutputStream file = Files.newOutputStream(home.resolve("system/" + name + "-1.jar"))) {
            new JarOutputStream(file, manifest).close();
        }
    }
}
