package io.sluice.storage.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineMemoryTest {
    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("file"), text);
    }

    @Test
    void shouldReadTheMachinesMemory() throws IOException {
        assertThat(MachineMemory.machine(file("MemTotal:       24630236 kB\nMemFree:          100 kB\n")))
                .hasValue(24_630_236L * 1024L);
    }

    @Test
    void shouldNotGuessFromAFileThatSaysSomethingElse() throws IOException {
        assertThat(MachineMemory.machine(file("MemTotal: much\n"))).isEmpty();
        assertThat(MachineMemory.machine(folder.resolve("none"))).isEmpty();
    }

    @Test
    void shouldTakeAGroupWithoutALimitForNone() throws IOException {
        assertThat(MachineMemory.group(file("max\n"))).isEqualTo(Long.MAX_VALUE);
        assertThat(MachineMemory.group(folder.resolve("none"))).isEqualTo(Long.MAX_VALUE);
        assertThat(MachineMemory.group(file("536870912\n"))).isEqualTo(536_870_912L);
    }

    @Test
    void shouldKnowSomeMemoryOfThisMachine() {
        assertThat(MachineMemory.bytes()).isGreaterThan(1L << 20);
    }
}
