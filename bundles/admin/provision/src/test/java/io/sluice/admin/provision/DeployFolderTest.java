package io.sluice.admin.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeployFolderTest {
    @TempDir
    private Path directory;

    private FrameworkFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new FrameworkFixture(directory);
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private Path drop(TestJars jar, String file) throws Exception {
        return jar.write(fixture.deployDirectory().resolve(file));
    }

    private void lookTwice() {
        fixture.deploy().look();
        fixture.deploy().look();
    }

    @Test
    void shouldInstallADroppedBundleAndUninstallItWhenTheFileGoes() throws Exception {
        Path file = drop(TestJars.bundle("x.engine", "1.0.0"), "engine.jar");
        fixture.deploy().look();
        assertThat(fixture.version("x.engine")).isEqualTo("absent");
        fixture.deploy().look();
        assertThat(fixture.version("x.engine")).isEqualTo("1.0.0 Active");

        Files.delete(file);
        fixture.deploy().look();
        assertThat(fixture.version("x.engine")).isEqualTo("absent");
    }

    @Test
    void shouldReplaceTheDistributionsVersionAndRestoreItWhenTheFileGoes() throws Exception {
        fixture.shipped(TestJars.bundle("x.engine", "1.0.0"), "engine.jar");
        Path file = drop(TestJars.bundle("x.engine", "1.1.0"), "new-engine.jar");
        lookTwice();
        assertThat(fixture.version("x.engine")).isEqualTo("1.1.0 Active");

        Files.delete(file);
        fixture.deploy().look();
        assertThat(fixture.version("x.engine")).isEqualTo("1.0.0 Active");
        assertThat(fixture.provisioner().state().records()).isEmpty();
    }

    @Test
    void shouldFollowAFileThatIsReplacedByAnotherVersion() throws Exception {
        drop(TestJars.bundle("x.engine", "1.0.0"), "engine.jar");
        lookTwice();
        drop(TestJars.bundle("x.engine", "1.1.0").header("X-Longer", "so that its size differs"), "engine.jar");
        lookTwice();
        assertThat(fixture.version("x.engine")).isEqualTo("1.1.0 Active");
    }

    @Test
    void shouldWaitUntilAFileIsWrittenToItsEnd() throws Exception {
        Path whole = TestJars.bundle("x.engine", "1.0.0").write(fixture.incoming("engine.jar"));
        byte[] bytes = Files.readAllBytes(whole);
        Path file = fixture.deployDirectory().resolve("engine.jar");
        Files.createDirectories(file.getParent());

        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        lookTwice();
        assertThat(fixture.version("x.engine")).isEqualTo("absent");
        assertThat(fixture.deploy().refusals().get("engine.jar")).contains("is not written to its end");

        Files.write(file, bytes);
        lookTwice();
        assertThat(fixture.version("x.engine")).isEqualTo("1.0.0 Active");
        assertThat(fixture.deploy().refusals()).isEmpty();
    }

    @Test
    void shouldRefuseADropThatWouldRestartOtherBundles() throws Exception {
        fixture.shipped(TestJars.bundle("x.api", "1.0.0").header("Export-Package", "x.api"), "api.jar");
        fixture.shipped(TestJars.bundle("x.user", "1.0.0").header("Import-Package", "x.api"), "user.jar");
        drop(TestJars.bundle("x.api", "1.1.0").header("Export-Package", "x.api"), "api.jar");
        lookTwice();

        assertThat(fixture.version("x.api")).isEqualTo("1.0.0 Active");
        assertThat(fixture.deploy().refusals().get("api.jar")).contains("x.user");
    }

    @Test
    void shouldRefuseADropThatIsOlder() throws Exception {
        fixture.shipped(TestJars.bundle("x.engine", "2.0.0"), "engine.jar");
        drop(TestJars.bundle("x.engine", "1.0.0"), "engine.jar");
        lookTwice();

        assertThat(fixture.version("x.engine")).isEqualTo("2.0.0 Active");
        assertThat(fixture.deploy().refusals().get("engine.jar")).contains("older than 2.0.0");
    }

    @Test
    void shouldTakeAwayWhatWasUndroppedWhileTheBrokerWasDown() throws Exception {
        Path file = drop(TestJars.bundle("x.engine", "1.0.0"), "engine.jar");
        lookTwice();
        Files.delete(file);

        fixture.restart("cache");
        fixture.deploy().look();

        assertThat(fixture.version("x.engine")).isEqualTo("absent");
    }

    @Test
    void shouldInstallTheBundlesOfADroppedFeature() throws Exception {
        TestJars.bundle("x.one", "1.0.0").write(fixture.home().resolve("system/x/one/1.0.0/one-1.0.0.jar"));
        TestJars.bundle("x.two", "1.0.0").write(fixture.home().resolve("system/x/two/1.0.0/two-1.0.0.jar"));
        Files.createDirectories(fixture.deployDirectory());
        Path file = Files.writeString(fixture.deployDirectory().resolve("pair.json"), """
                { // two bundles
                  "feature-resource-version": "1.0",
                  "id": "x:pair:1.0.0",
                  "bundles": [ {"id": "x:one:1.0.0"}, {"id": "x:two:1.0.0"} ]
                }
                """);
        lookTwice();
        assertThat(fixture.version("x.one")).isEqualTo("1.0.0 Active");
        assertThat(fixture.version("x.two")).isEqualTo("1.0.0 Active");

        fixture.restart("another-cache");
        assertThat(fixture.version("x.two")).isEqualTo("1.0.0 Active");

        Files.delete(file);
        fixture.deploy().look();
        assertThat(fixture.version("x.one")).isEqualTo("absent");
    }
}
