package io.sluice.admin.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.admin.api.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcWatchTest {
    @TempDir
    Path folder;

    private final List<String> applied = new ArrayList<>();

    private EtcWatch watch() throws Exception {
        Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(folder.resolve("own"));
        return new EtcWatch(folder.resolve("home"), folder.resolve("own"), (pid, values) -> applied.add(pid + values));
    }

    @Test
    void shouldApplyWhatIsDifferentAndOnlyOnce() throws Exception {
        EtcWatch watch = watch();
        Files.writeString(folder.resolve("home/p.cfg"), "a=1\nb=1\n");
        watch.look();
        Files.writeString(folder.resolve("own/p.cfg"), "a=2\n");
        watch.look();
        watch.look();
        Files.delete(folder.resolve("own/p.cfg"));
        Files.delete(folder.resolve("home/p.cfg"));
        watch.look();

        assertThat(applied).containsExactly("p{a=1, b=1}", "p{a=2, b=1}", "p{}");
    }

    @Test
    void shouldLeaveAloneWhatCannotBeReadOrIsForTheBroker() throws Exception {
        Files.createDirectories(folder.resolve("own"));
        Files.writeString(folder.resolve("own/p.cfg"), "a=1\n");
        EtcWatch watch = watch();
        Files.writeString(folder.resolve("own/p.cfg"), "a=\\u12");
        Files.writeString(folder.resolve("own/io.sluice.broker.cfg"), "num.partitions=3\n");
        watch.look();

        assertThat(applied).isEmpty();
    }

    @Test
    void shouldGoOnAfterAFileThatIsRefused() throws Exception {
        Files.createDirectories(folder.resolve("own"));
        EtcWatch watch = new EtcWatch(folder.resolve("home"), folder.resolve("own"), (pid, values) -> {
            if (pid.equals("bad")) {
                throw new CommandException(1, "it does not open");
            }
            applied.add(pid);
        });
        Files.writeString(folder.resolve("own/bad.cfg"), "a=1\n");
        Files.writeString(folder.resolve("own/good.cfg"), "a=1\n");
        watch.look();

        assertThat(applied).containsExactly("good");
    }
}
