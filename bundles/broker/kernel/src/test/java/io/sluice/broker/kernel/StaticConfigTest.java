package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaticConfigTest {
    @TempDir
    Path folder;

    private String file(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void shouldPreferSettingsToTheFileToTheOwnEtcToThatOfTheDistribution() throws Exception {
        String etc = file("a.cfg", "num.partitions=1\nnode.id=1\nlog.roll.ms=1\nlog.roll.hours=1\n") + "\n"
                + file("b.cfg", "num.partitions=2\nnode.id=2\nlog.roll.ms=2\n");
        String given = file("server.properties", "num.partitions=3\nnode.id=3\n");

        assertThat(StaticConfig.read(etc, given, "num.partitions = 4"))
                .isEqualTo(Map.of("num.partitions", "4", "node.id", "3", "log.roll.ms", "2", "log.roll.hours", "1"));
        assertThat(StaticConfig.read("", "", "")).isEmpty();
    }

    @Test
    void shouldSayInWhichFileAKeyIsNotKnown() throws Exception {
        String etc = file("a.cfg", "num.partition=1\n");
        assertThatThrownBy(() -> StaticConfig.read(etc, "", ""))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("num.partition; the nearest known one is num.partitions (in " + etc + ")");
    }
}
