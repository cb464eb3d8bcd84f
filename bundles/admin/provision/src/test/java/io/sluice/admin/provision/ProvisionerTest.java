package io.sluice.admin.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

final class ProvisionerTest {
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

    private PluginJar jar(String name, String version) throws Exception {
        return TestJars.bundle(name, version).jar(fixture.incoming(name + "-" + version + ".jar"));
    }

    @Test
    void shouldBringAnInstalledBundleBackAfterTheCacheIsGone() throws Exception {
        fixture.provisioner().install(jar("x.engine", "1.0.0"), null);
        assertThat(fixture.version("x.engine")).isEqualTo("1.0.0 Active");
        Files.delete(fixture.incoming("x.engine-1.0.0.jar"));

        fixture.restart("another-cache");

        assertThat(fixture.version("x.engine")).isEqualTo("1.0.0 Active");
    }

    @Test
    void shouldPutTheReplacedVersionBackInPlaceOfTheDistributions() throws Exception {
        TestJars original = TestJars.bundle("x.engine", "1.0.0");
        fixture.shipped(original, "engine.jar");
        fixture.provisioner().update(jar("x.engine", "1.1.0"), null, false);
        assertThat(fixture.version("x.engine")).isEqualTo("1.1.0 Active");

        fixture.restart("another-cache");
        fixture.shipped(original, "engine.jar");
        fixture.provisioner().reconcile();

        assertThat(fixture.version("x.engine")).isEqualTo("1.1.0 Active");
    }

    @Test
    void shouldTakeAnUpdateBackThatDoesNotResolve() throws Exception {
        fixture.shipped(TestJars.bundle("x.engine", "1.0.0"), "engine.jar");
        PluginJar broken = TestJars.bundle("x.engine", "2.0.0")
                .header("Import-Package", "no.such.thing")
                .jar(fixture.incoming("broken.jar"));

        assertThatThrownBy(() -> fixture.provisioner().update(broken, null, false))
                .isInstanceOf(ProvisionException.class)
                .hasMessageContaining("taken back to 1.0.0")
                .hasMessageContaining("no.such.thing");
        assertThat(fixture.version("x.engine")).isEqualTo("1.0.0 Active");
        assertThat(fixture.provisioner().state().record("x.engine")).isNull();
    }

    @Test
    void shouldTakeAnUpdateBackThatDoesNotStart() throws Exception {
        fixture.shipped(TestJars.bundle("x.engine", "1.0.0"), "engine.jar");
        PluginJar broken = TestJars.bundle("x.engine", "2.0.0")
                .header("Bundle-Activator", "no.such.Activator")
                .jar(fixture.incoming("broken.jar"));

        assertThatThrownBy(() -> fixture.provisioner().update(broken, null, false))
                .hasMessageContaining("taken back to 1.0.0");
        assertThat(fixture.version("x.engine")).isEqualTo("1.0.0 Active");
    }

    @Test
    void shouldTakeAnUpdateBackWhosePartDoesNotOpen() throws Exception {
        fixture.shipped(TestJars.bundle("x.engine", "1.0.0"), "engine.jar");
        fixture.health(new BundleHealth() {
            @Override
            public boolean isWell(Bundle bundle) {
                return true;
            }

            @Override
            public List<String> roles(Bundle bundle) {
                return List.of("engine x");
            }

            @Override
            public String awaitFailure(Bundle bundle, List<String> rolesBefore) {
                assertThat(rolesBefore).containsExactly("engine x");
                return bundle.getVersion().getMajor() == 2 ? "engine x did not open: the disk is full" : null;
            }

            @Override
            public void forget(String name) {}
        });

        assertThatThrownBy(() -> fixture.provisioner().update(jar("x.engine", "2.0.0"), null, false))
                .hasMessage("x.engine 2.0.0 was taken back to 1.0.0, because engine x did not open: the disk is full");
        assertThat(fixture.version("x.engine")).isEqualTo("1.0.0 Active");
    }

    @Test
    void shouldLeaveAStoppedBundleStoppedWhenItIsUpdated() throws Exception {
        Bundle bundle = fixture.shipped(TestJars.bundle("x.engine", "1.0.0"), "engine.jar");
        bundle.stop();

        fixture.provisioner().update(jar("x.engine", "1.1.0"), null, false);

        assertThat(fixture.version("x.engine")).startsWith("1.1.0 ").doesNotContain("Active");
    }

    @Test
    void shouldKeepABundleStoppedOverARestartUntilItIsStarted() throws Exception {
        fixture.provisioner().install(jar("x.engine", "1.0.0"), null);
        fixture.provisioner().stop(fixture.bundles().named("x.engine"), true);

        fixture.restart("another-cache");
        assertThat(fixture.version("x.engine")).startsWith("1.0.0 ").doesNotContain("Active");
        fixture.provisioner().start(fixture.bundles().named("x.engine"));

        fixture.restart("a-third-cache");
        assertThat(fixture.version("x.engine")).isEqualTo("1.0.0 Active");
    }

    @Test
    void shouldForgetThatABundleWasStoppedWhenItIsRemoved() throws Exception {
        fixture.provisioner().install(jar("x.engine", "1.0.0"), null);
        fixture.provisioner().stop(fixture.bundles().named("x.engine"), true);
        fixture.provisioner().remove(fixture.bundles().named("x.engine"), false);
        fixture.provisioner().install(jar("x.engine", "1.0.0"), null);

        fixture.restart("another-cache");

        assertThat(fixture.version("x.engine")).isEqualTo("1.0.0 Active");
    }

    @Test
    void shouldNotKeepAStopOfWhatTheBrokerNeedsToBeStartedAgain() {
        for (String name : List.of(
                "io.sluice.admin.shell", "io.sluice.broker.kernel", "org.apache.felix.scr", "slf4j.api", "org.jline")) {
            assertThat(StopPolicy.isOfTheContainer(name)).as(name).isTrue();
        }
        for (String name : List.of("io.sluice.storage.segment", "io.sluice.handlers.produce", "x.engine")) {
            assertThat(StopPolicy.isOfTheContainer(name)).as(name).isFalse();
        }
    }

    @Test
    void shouldRefuseAnUpdateThatRestartsOtherBundlesUnlessToldTo() throws Exception {
        fixture.shipped(TestJars.bundle("x.api", "1.0.0").header("Export-Package", "x.api"), "api.jar");
        Bundle user = fixture.shipped(TestJars.bundle("x.user", "1.0.0").header("Import-Package", "x.api"), "user.jar");
        PluginJar next = TestJars.bundle("x.api", "1.1.0")
                .header("Export-Package", "x.api")
                .jar(fixture.incoming("api.jar"));

        assertThat(fixture.provisioner().previewOf(next).restarts()).containsExactly("x.user");
        assertThatThrownBy(() -> fixture.provisioner().update(next, null, false))
                .hasMessageContaining("with it restart x.user")
                .hasMessageContaining("--cascade");
        assertThat(fixture.version("x.api")).isEqualTo("1.0.0 Active");

        fixture.provisioner().update(next, null, true);

        assertThat(fixture.version("x.api")).isEqualTo("1.1.0 Active");
        assertThat(user.getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void shouldGoBackToTheJarBeforeAndThenToTheDistributions() throws Exception {
        fixture.shipped(TestJars.bundle("x.engine", "1.0.0"), "engine.jar");
        fixture.provisioner().update(jar("x.engine", "1.1.0"), null, false);
        fixture.provisioner().update(jar("x.engine", "1.2.0"), null, false);

        fixture.provisioner().rollback("x.engine", false, false);
        assertThat(fixture.version("x.engine")).isEqualTo("1.1.0 Active");

        fixture.provisioner().rollback("x.engine", false, false);
        assertThat(fixture.version("x.engine")).isEqualTo("1.2.0 Active");
    }

    @Test
    void shouldGoBackToTheDistributionsVersion() throws Exception {
        fixture.shipped(TestJars.bundle("x.engine", "1.0.0"), "engine.jar");
        fixture.provisioner().update(jar("x.engine", "1.1.0"), null, false);

        fixture.provisioner().rollback("x.engine", false, false);

        assertThat(fixture.version("x.engine")).isEqualTo("1.0.0 Active");
        assertThat(fixture.provisioner().state().records()).isEmpty();
        assertThatThrownBy(() -> fixture.provisioner().rollback("x.engine", false, false))
                .hasMessageContaining("nothing to go back to");
    }

    @Test
    void shouldRememberThatABundleOfTheDistributionWasRemoved() throws Exception {
        TestJars original = TestJars.bundle("x.engine", "1.0.0");
        Bundle bundle = fixture.shipped(original, "engine.jar");

        fixture.provisioner().remove(bundle, false);
        assertThat(fixture.version("x.engine")).isEqualTo("absent");

        fixture.restart("another-cache");
        fixture.shipped(original, "engine.jar");
        fixture.provisioner().reconcile();
        assertThat(fixture.version("x.engine")).isEqualTo("absent");

        fixture.provisioner().rollback("x.engine", false, false);
        assertThat(fixture.version("x.engine")).isEqualTo("1.0.0 Active");
    }

    @Test
    void shouldTellWhichPackageAnUnresolvedBundleLacks() throws Exception {
        Path jar = TestJars.bundle("x.lost", "1.0.0")
                .header("Import-Package", "no.such.thing;version=\"[2,3)\"")
                .write(fixture.incoming("lost.jar"));
        Bundle bundle = fixture.bundles().install("lost", jar);

        BundleDiagnosis diagnosis = new BundleDiagnosis(fixture.bundles(), () -> null, () -> null);

        assertThat(diagnosis.problem(bundle))
                .contains("x.lost needs the package")
                .contains("no.such.thing");
    }

    @Test
    void shouldKeepOnlyTheJarsThatAreNeeded() throws Exception {
        fixture.shipped(TestJars.bundle("x.engine", "1.0.0"), "engine.jar");
        for (String version : List.of("1.1.0", "1.2.0", "1.3.0")) {
            fixture.provisioner().update(jar("x.engine", version), null, false);
        }

        try (var files = Files.list(fixture.plugins())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(name -> name.endsWith(".jar"))
                    .hasSize(2)
                    .allMatch(name -> name.startsWith("x.engine-1.2.0-") || name.startsWith("x.engine-1.3.0-"));
        }
    }

    @Test
    void shouldInstallAnotherJarOfARemovedBundleWhereTheLauncherLooksForIt() throws Exception {
        Bundle shipped = fixture.shipped(TestJars.bundle("x.engine", "1.0.0"), "engine.jar");
        String location = shipped.getLocation();
        fixture.provisioner().remove(shipped, false);

        fixture.provisioner().install(jar("x.engine", "1.0.0"), null);

        Bundle again = fixture.bundles().find("x.engine");
        assertThat(again).isNotNull();
        assertThat(again.getLocation()).isEqualTo(location);
    }
}
