package io.sluice.storage.segment;

import static io.sluice.storage.kit.EngineFixture.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.storage.api.LogStore;
import io.sluice.storage.kit.EngineFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeletedPartitionTest {
    @TempDir
    Path folder;

    private List<String> doomed() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(LogFileNames.FOLDER_DELETED))
                    .toList();
        }
    }

    @Test
    void shouldTakeTheFilesAwayAfterTheDelayAndNotBefore() throws IOException {
        EngineFixture fixture = new EngineFixture(new SegmentEngineFactory(), folder);
        LogStore log = fixture.store();
        append(log, fixture.time().milliseconds(), "a");
        log.close();
        fixture.engine().delete(EngineFixture.PARTITION);
        fixture.scheduler().runPending();
        assertThat(fixture.engine().stored()).isEmpty();
        assertThat(doomed()).hasSize(1);
        fixture.scheduler().runAll();
        assertThat(doomed()).isEmpty();
        fixture.engine().close();
    }

    @Test
    void shouldTakeTheFilesAwayWhenTheDirectoryIsOpenedAgain() throws IOException {
        EngineFixture fixture = new EngineFixture(new SegmentEngineFactory(), folder);
        fixture.store().close();
        fixture.engine().delete(EngineFixture.PARTITION);
        fixture.restart();
        fixture.scheduler().runPending();
        assertThat(doomed()).isEmpty();
        fixture.engine().close();
    }
}
