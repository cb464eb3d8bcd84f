package io.sluice.admin.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginStateFileTest {
    @TempDir
    private Path directory;

    private static PluginState sample() {
        return PluginState.EMPTY
                .with(new PluginRecord("x.engine", "1.0.0", "x engine=1.jar", "abc", null, "drop me\\: #1.jar"))
                .with(PluginRecord.removed("x.gone", "2.0.0", "x.gone-1.jar"))
                .withStopped("x.engine", true)
                .withFeature("standard", "installed");
    }

    @Test
    void shouldReadBackWhatItWrote() throws Exception {
        new PluginStateFile(directory).store(sample());

        assertThat(new PluginStateFile(directory).load()).isEqualTo(sample());
    }

    @Test
    void shouldBeEmptyWithoutAFile() throws Exception {
        assertThat(new PluginStateFile(directory).load()).isEqualTo(PluginState.EMPTY);
    }

    @Test
    void shouldKeepTheOldStateWhenACrashLeftAHalfWrittenNewOne() throws Exception {
        new PluginStateFile(directory).store(sample());
        Files.writeString(directory.resolve("state.properties.new"), "x.engine/vers");

        assertThat(new PluginStateFile(directory).load()).isEqualTo(sample());
        new PluginStateFile(directory).store(PluginState.EMPTY);
        assertThat(new PluginStateFile(directory).load()).isEqualTo(PluginState.EMPTY);
    }

    @Test
    void shouldSayWhenTheFileIsDamaged() throws Exception {
        Files.writeString(directory.resolve("state.properties"), "nonsense");

        assertThatThrownBy(() -> new PluginStateFile(directory).load())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
    }
}
