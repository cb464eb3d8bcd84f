package io.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcFilesTest {
    @TempDir
    Path folder;

    @Test
    void shouldOverlayTheDefaultsKeyByKey() throws Exception {
        Path defaults = Files.createDirectory(folder.resolve("defaults"));
        Path own = Files.createDirectory(folder.resolve("own"));
        Files.writeString(defaults.resolve("io.sluice.a.cfg"), "x=1\ny=2\n");
        Files.writeString(defaults.resolve("io.sluice.b.cfg"), "z=3\n");
        Files.writeString(defaults.resolve("README.md"), "no configuration");
        Files.writeString(own.resolve("io.sluice.a.cfg"), "y=20\n");
        Files.writeString(own.resolve("io.sluice.c~one.cfg"), "w=4\n");
        assertThat(EtcFiles.read(List.of(defaults, own, folder.resolve("absent"))))
                .isEqualTo(Map.of(
                        "io.sluice.a", Map.of("x", "1", "y", "20"),
                        "io.sluice.b", Map.of("z", "3"),
                        "io.sluice.c~one", Map.of("w", "4")));
    }

    @Test
    void shouldNameTheFileThatCannotBeRead() throws Exception {
        Files.writeString(folder.resolve("bad.cfg"), "x=\\u12");
        assertThatThrownBy(() -> EtcFiles.read(List.of(folder)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("bad.cfg cannot be read");
    }

    @Test
    void shouldNameTheFilesWithBrokerKeysTheDefaultsFirst() throws Exception {
        Path home = Files.createDirectories(folder.resolve("home/etc")).getParent();
        Path data = Files.createDirectories(folder.resolve("data/etc")).getParent();
        assertThat(EtcFiles.brokerFiles(home, data)).isEmpty();
        Files.writeString(data.resolve("etc/io.sluice.broker.cfg"), "num.partitions=3\n");
        Files.writeString(home.resolve("etc/io.sluice.broker.cfg"), "num.partitions=2\n");
        assertThat(EtcFiles.brokerFiles(home, data).lines())
                .containsExactly(
                        home.resolve("etc/io.sluice.broker.cfg").toString(),
                        data.resolve("etc/io.sluice.broker.cfg").toString());
    }
}
