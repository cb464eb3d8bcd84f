package io.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path folder;

    @Test
    void shouldMakeADirectoryAndSayWhoHoldsIt() throws Exception {
        Path root = folder.resolve("a/b");
        DataDirectory data = DataDirectory.hold(root);
        assertThat(root.resolve("sluice.data")).exists();
        assertThat(root.resolve("run/pid"))
                .hasContent(Long.toString(ProcessHandle.current().pid()));
        data.writeReady("127.0.0.1:9");
        assertThat(root.resolve("run/ready")).hasContent("127.0.0.1:9");
        data.release();
        assertThat(root.resolve("run/ready")).doesNotExist();
        assertThat(root.resolve("run/pid")).doesNotExist();
    }

    @Test
    void shouldRefuseASecondHolderAndLeaveTheFirstAlone() throws Exception {
        DataDirectory first = DataDirectory.hold(folder);
        first.writeReady("127.0.0.1:9");
        refused(folder).hasMessageContaining("Another broker is running on " + folder);
        assertThat(folder.resolve("run/ready")).exists();
        first.release();
        DataDirectory.hold(folder).release();
    }

    @Test
    void shouldForgetTheEndpointOfABrokerThatWasKilled() throws Exception {
        Files.createDirectories(folder.resolve("run"));
        Files.writeString(folder.resolve("run/ready"), "127.0.0.1:9");
        DataDirectory data = DataDirectory.hold(folder);
        assertThat(folder.resolve("run/ready")).doesNotExist();
        data.release();
    }

    @Test
    void shouldNotTouchADirectoryThatHoldsSomethingElse() throws IOException {
        Files.writeString(folder.resolve("holiday.jpg"), "not ours");
        refused(folder).hasMessageContaining("not Sluice's");
        try (var children = Files.list(folder)) {
            assertThat(children).containsExactly(folder.resolve("holiday.jpg"));
        }
    }

    @Test
    void shouldTakeTheRootOfAFileSystem() throws Exception {
        Files.createDirectory(folder.resolve("lost+found"));
        DataDirectory.hold(folder).release();
    }

    @Test
    void shouldRefuseAFileAndWhatWouldLieInOne() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        refused(file).hasMessageContaining("is a file");
        refused(file.resolve("data")).hasMessageContaining("cannot be written");
    }

    @Test
    void shouldRefuseADirectoryThatCannotBeWritten() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")));
        refused(Path.of("/proc/sluice")).hasMessageContaining("/proc/sluice cannot be written");
    }

    private static AbstractThrowableAssert<?, ?> refused(Path root) {
        return assertThatThrownBy(() -> DataDirectory.hold(root)).isInstanceOfSatisfying(RefusedException.class, e -> {
            assertThat(e.exitCode()).isEqualTo(1);
            assertThat(e.getMessage()).doesNotContain("\n");
        });
    }
}
