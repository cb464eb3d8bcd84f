package io.sluice.admin.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

final class DevFolderTest {
    @TempDir
    private Path directory;

    private final Operations operations = new Operations();
    private FrameworkFixture fixture;
    private DevFolder folder;

    @BeforeEach
    void open() throws Exception {
        fixture = new FrameworkFixture(directory);
        folder = new DevFolder(
                operations, fixture.bundles(), fixture.provisioner(), directory.resolve("project"), false);
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
        operations.close();
    }

    private Path build(String version, String marker) throws Exception {
        return TestJars.bundle("x.engine", version)
                .header("X-Marker", marker)
                .write(directory.resolve("project/target/engine-" + version + ".jar"));
    }

    private DevFolder.Outcome lookTwice() throws Exception {
        assertThat(folder.look()).isNull();
        return folder.look();
    }

    @Test
    void shouldInstallWhatIsBuiltOnceItIsWrittenToItsEnd() throws Exception {
        assertThat(folder.look()).isNull();
        build("1.0.0", "one");
        assertThat(lookTwice()).isEqualTo(new DevFolder.Outcome(true, "installed x.engine 1.0.0"));
        assertThat(fixture.version("x.engine")).isEqualTo("1.0.0 Active");
        assertThat(folder.look()).isNull();
    }

    @Test
    void shouldReplaceItAfterABuildOfTheSameVersion() throws Exception {
        build("1.0.0", "one");
        lookTwice();
        build("1.0.0", "another, and longer");
        assertThat(lookTwice()).isEqualTo(new DevFolder.Outcome(true, "replaced x.engine 1.0.0 by 1.0.0"));
        assertThat(fixture.bundles().find("x.engine").getHeaders().get("X-Marker"))
                .startsWith("another");
    }

    @Test
    void shouldTakeTheNewestJarAndLeaveSourcesAlone() throws Exception {
        Files.setLastModifiedTime(build("1.0.0", "old"), java.nio.file.attribute.FileTime.fromMillis(1_000_000L));
        build("1.1.0", "new");
        Files.writeString(directory.resolve("project/target/engine-1.1.0-sources.jar"), "no bundle");
        assertThat(lookTwice().sentence()).isEqualTo("installed x.engine 1.1.0");
    }

    @Test
    void shouldSayWhyWhatDoesNotOpenWasTakenBack() throws Exception {
        build("1.0.0", "one");
        lookTwice();
        fixture.health(new BundleHealth() {
            @Override
            public boolean isWell(Bundle bundle) {
                return true;
            }

            @Override
            public List<String> roles(Bundle bundle) {
                return List.of();
            }

            @Override
            public String awaitFailure(Bundle bundle, List<String> rolesBefore) {
                return "engine x did not open";
            }

            @Override
            public void forget(String name) {}
        });
        build("2.0.0", "broken");
        DevFolder.Outcome outcome = lookTwice();
        assertThat(outcome.done()).isFalse();
        assertThat(outcome.sentence()).contains("taken back to 1.0.0", "engine x did not open");
        assertThat(fixture.version("x.engine")).isEqualTo("1.0.0 Active");
    }

    @Test
    void shouldSayThatAJarIsNoBundle() throws Exception {
        Path target = Files.createDirectories(directory.resolve("project/target"));
        Files.writeString(target.resolve("thing.jar"), "half of it");
        assertThat(lookTwice().sentence()).contains("no jar");
        build("1.0.0", "one");
        assertThat(lookTwice().done()).isTrue();
    }
}
