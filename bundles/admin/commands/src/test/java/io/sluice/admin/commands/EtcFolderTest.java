package io.sluice.admin.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EtcFolderTest {
    @TempDir
    private Path directory;

    private Properties file() throws Exception {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(directory.resolve("x.y~z.cfg"))) {
            properties.load(reader);
        }
        return properties;
    }

    @Test
    void shouldKeepWhatWasSetBesideWhatWasThere() throws Exception {
        EtcFolder etc = new EtcFolder(directory);
        etc.set("x.y~z", Map.of("a", "1", "path", "C:\\\\x = y"));
        etc.set("x.y~z", Map.of("b", "2"));
        etc.remove("x.y~z", List.of("a"));

        assertThat(file()).isEqualTo(Map.of("b", "2", "path", "C:\\\\x = y"));
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
        etc.delete("x.y~z");
        assertThat(directory.resolve("x.y~z.cfg")).doesNotExist();
    }
}
