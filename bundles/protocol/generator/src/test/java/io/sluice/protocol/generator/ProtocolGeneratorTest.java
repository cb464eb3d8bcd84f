package io.sluice.protocol.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProtocolGeneratorTest {
    private static final String SCHEMA = """
            // A comment before the schema.
            { "type": "data", "name": "Sample", "validVersions": "0-2", "flexibleVersions": "1+",
              "fields": [
                { "name": "Count", "type": "int32", "versions": "0+", "default": "0x10", "about": "How <many>." },
                { "name": "Tags", "type": "[]string", "versions": "1+", "nullableVersions": "2+" } // and one within
              ] }
            """;

    @TempDir
    Path folder;

    private Path schemas;
    private Path output;

    @BeforeEach
    void prepare() throws IOException {
        schemas = Files.createDirectory(folder.resolve("schemas"));
        output = folder.resolve("out");
    }

    private void generate() throws IOException {
        ProtocolGenerator.main(new String[] {output.toString(), "sample.pack=" + schemas});
    }

    private Path sample() {
        return output.resolve("sample/pack/Sample.java");
    }

    @Test
    void shouldWriteAClassForASchemaWithComments() throws IOException {
        Files.writeString(schemas.resolve("Sample.json"), SCHEMA);
        generate();
        assertThat(sample())
                .content()
                .contains("package sample.pack;")
                .contains("private int count = 16;")
                .contains("/** How &lt;many&gt;. */")
                .contains("private @Nullable List<String> tags = new ArrayList<>(0);")
                .contains("throw UnsupportedVersionException.ofField(\"Sample\", \"tags\", version);");
        assertThat(output.resolve("sample/pack/package-info.java")).content().contains("@Export");
    }

    @Test
    void shouldTouchOnlyWhatChanged() throws IOException {
        Files.writeString(schemas.resolve("Sample.json"), SCHEMA);
        Files.writeString(schemas.resolve("Gone.json"), SCHEMA.replace("Sample", "Gone"));
        generate();
        FileTime longAgo = FileTime.fromMillis(1_000_000L);
        Files.setLastModifiedTime(sample(), longAgo);
        Files.delete(schemas.resolve("Gone.json"));
        generate();
        assertThat(Files.getLastModifiedTime(sample())).isEqualTo(longAgo);
        assertThat(output.resolve("sample/pack/Gone.java")).doesNotExist();

        Files.writeString(schemas.resolve("Sample.json"), SCHEMA.replace("0x10", "17"));
        generate();
        assertThat(sample()).content().contains("private int count = 17;");
    }

    @Test
    void shouldLeaveOutAMessageWithoutAVersion() throws IOException {
        Files.writeString(schemas.resolve("Sample.json"), SCHEMA.replace("0-2", "none"));
        generate();
        assertThat(sample()).doesNotExist();
    }

    @Test
    void shouldNameTheSchemaThatItCannotRead() throws IOException {
        Files.writeString(schemas.resolve("Sample.json"), SCHEMA.replace("int32", "int128"));
        assertThatThrownBy(this::generate)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Sample.json")
                .hasMessageContaining("int128");
    }

    @Test
    void shouldRefuseAFolderWithoutSchemas() {
        assertThatThrownBy(this::generate).isInstanceOf(IOException.class).hasMessageContaining("no schemas");
    }
}
