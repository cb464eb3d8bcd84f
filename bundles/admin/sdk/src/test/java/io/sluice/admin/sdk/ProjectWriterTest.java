package io.sluice.admin.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the sources work is shown by the tests beside them, in {@code org.example}. */
final class ProjectWriterTest {
    @TempDir
    Path folder;

    private final ProjectWriter writer = new ProjectWriter(URI.create("file:///opt/sluice/sdk/"));

    private static List<String> unitsOf(ProjectKind kind) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/java/org/example", kind.word()))) {
            return files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteEverySourceThatWasTested(ProjectKind kind) throws IOException {
        assertThat(kind.sources()).containsExactlyInAnyOrderElementsOf(unitsOf(kind));
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveNoNameOfTheTemplateBehind(ProjectKind kind) throws IOException {
        List<Path> files = writer.write(kind, new ProjectName("ledger-box", "org.acme.ledger"), folder.resolve("new"));
        assertThat(files).contains(Path.of("pom.xml"), Path.of("README.md"), Path.of(".mvn/maven.config"));
        for (Path file : files) {
            String text = Files.readString(folder.resolve("new").resolve(file));
            assertThat(text).as(file.toString()).doesNotContain("Sample", "sample", "org.example", "%", "@project");
            if (file.toString().endsWith(".java")) {
                assertThat(text).contains("package org.acme.ledger;");
            }
        }
        assertThat(Files.readString(folder.resolve("new/pom.xml")))
                .contains("<artifactId>" + kind.kit() + "</artifactId>", "file:///opt/sluice/sdk/");
    }

    @Test
    void shouldNameTheEngineAsTopicsDo() throws IOException {
        writer.write(ProjectKind.STORAGE, ProjectName.of("ledger-box"), folder);
        assertThat(folder.resolve("src/main/java/org/example/ledgerbox/LedgerBoxEngineFactory.java"))
                .content()
                .contains("@StorageEngineType(\"ledger-box\")", "class LedgerBoxEngineFactory");
    }

    @Test
    void shouldNotWriteIntoWhatIsThere() throws IOException {
        Files.writeString(folder.resolve("mine"), "my work");
        assertThatThrownBy(() -> writer.write(ProjectKind.STORAGE, ProjectName.of("x"), folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not empty");
        assertThat(folder.resolve("pom.xml")).doesNotExist();
    }

    @Test
    void shouldRefuseNamesThatCannotBe() {
        assertThatThrownBy(() -> ProjectName.of("Ledger")).hasMessageContaining("small letters");
        assertThatThrownBy(() -> ProjectName.of("-x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ProjectName("x", "flat")).hasMessageContaining("no package");
    }
}
