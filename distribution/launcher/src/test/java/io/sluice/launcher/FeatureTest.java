package io.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureTest {
    @TempDir
    Path home;

    @BeforeEach
    void makeFolders() throws IOException {
        Files.createDirectories(home.resolve("features"));
        Files.createDirectories(home.resolve("system"));
    }

    @Test
    void shouldNameTheJarsInTheirOrderAndWhichAreMissing() throws IOException {
        write("{\"id\": \"g:f:1\", \"bundles\": [{\"id\": \"g:one:1.0\"}, \"g:two:jar:2.0\"]}");
        Path one = Files.createFile(home.resolve("system/one-1.0.jar"));
        Feature feature = Feature.read(home, "edge");
        assertThat(feature.id()).isEqualTo("g:f:1");
        assertThat(feature.bundles()).containsExactly(one, home.resolve("system/two-2.0.jar"));
        assertThat(feature.missing()).containsExactly(home.resolve("system/two-2.0.jar"));
    }

    @Test
    void shouldNameTheFileThatIsNotValid() throws IOException {
        write("{\"bundles\": 7}");
        assertThatThrownBy(() -> Feature.read(home, "edge"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("edge.json is not valid");
    }

    @Test
    void shouldNameTheFileThatHasNoListOfBundles() throws IOException {
        write("{\"id\": \"g:f:1\"}");
        assertThatThrownBy(() -> Feature.read(home, "edge"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("edge.json is not valid: it has no list of bundles");
    }

    @Test
    void shouldRefuseCoordinatesWithoutAVersion() throws IOException {
        write("{\"bundles\": [\"g:one\"]}");
        assertThatThrownBy(() -> Feature.read(home, "edge"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("g:one");
    }

    private void write(String json) throws IOException {
        Files.writeString(home.resolve("features/edge.json"), json);
    }
}
