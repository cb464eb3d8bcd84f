package io.sluice.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RepositoryFilesTest {
    @TempDir
    Path repository;

    @Test
    void shouldAddChecksumsAndMetadata() throws IOException {
        Path version = Files.createDirectories(repository.resolve("org/example/thing/1.0.0"));
        Files.writeString(version.resolve("thing-1.0.0.pom"), "abc");
        Files.writeString(version.resolve("_remote.repositories"), "thing-1.0.0.pom>here=");
        RepositoryFiles.complete(repository);
        RepositoryFiles.complete(repository);
        assertThat(version.resolve("thing-1.0.0.pom.sha1")).hasContent("a9993e364706816aba3e25717850c26c9cd0d89d");
        assertThat(version.resolve("thing-1.0.0.pom.sha1.sha1")).doesNotExist();
        assertThat(version.resolve("_remote.repositories")).doesNotExist();
        Path metadata = version.resolveSibling("maven-metadata.xml");
        assertThat(metadata)
                .content()
                .contains(
                        "<groupId>org.example</groupId>", "<artifactId>thing</artifactId>", "<release>1.0.0</release>");
        assertThat(version.resolveSibling("maven-metadata.xml.sha1"))
                .hasContent(RepositoryFiles.sha1(Files.readAllBytes(metadata)));
    }

    @Test
    void shouldRefuseToMakeARepositoryOfNothing() {
        assertThatThrownBy(() -> RepositoryFiles.complete(repository)).isInstanceOf(IOException.class);
    }
}
