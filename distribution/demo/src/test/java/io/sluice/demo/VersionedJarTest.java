package io.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionedJarTest {
    @TempDir
    Path folder;

    @Test
    void shouldPackTheSameBundleUnderAnotherVersion() throws IOException {
        write(folder.resolve("one.jar"), "io.sluice.one", "1.0.0");
        write(folder.resolve("two.jar"), "io.sluice.two", "1.0.0");
        Path jar = VersionedJar.of(folder, "io.sluice.two", "1.0.7", Files.createDirectory(folder.resolve("out")));
        try (JarFile made = new JarFile(jar.toFile())) {
            assertThat(made.getManifest().getMainAttributes().getValue("Bundle-SymbolicName"))
                    .isEqualTo("io.sluice.two");
            assertThat(made.getManifest().getMainAttributes().getValue("Bundle-Version"))
                    .isEqualTo("1.0.7");
            assertThat(made.getInputStream(made.getEntry("name.txt")).readAllBytes())
                    .isEqualTo("io.sluice.two".getBytes());
        }
    }

    @Test
    void shouldNameTheBundleThatIsNotThere() {
        assertThatThrownBy(() -> VersionedJar.of(folder, "io.sluice.none", "1.0.7", folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("io.sluice.none");
    }

    private static void write(Path jar, String name, String version) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
        manifest.getMainAttributes().putValue("Bundle-Version", version);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new JarEntry("name.txt"));
            out.write(name.getBytes());
            out.closeEntry();
        }
    }
}
