package io.sluice.storage.mapdb;

import static io.sluice.storage.kit.EngineFixture.PARTITION;
import static io.sluice.storage.kit.EngineFixture.append;
import static io.sluice.storage.kit.EngineFixture.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.storage.api.LogDirectory;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.kit.EngineFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine costs that nobody uses. */
final class MapdbLazyTest {
    @TempDir
    Path data;

    private EngineFixture engine;

    @BeforeEach
    void open() throws IOException {
        engine = new EngineFixture(new MapdbEngineFactory(), data);
    }

    @Test
    void shouldTouchNothingUntilThereIsAPartition() throws IOException {
        assertThat(engine.engine().stored()).isEmpty();
        engine.engine().delete(PARTITION);
        assertThat(engine.engine().directories()).isEmpty();
        engine.restart();
        assertThat(data.resolve("engine")).doesNotExist();
        append(engine.store(), engine.time().milliseconds(), "first");
        assertThat(data.resolve("engine")).isNotEmptyDirectory();
        assertThat(engine.engine().directories())
                .extracting(LogDirectory::path)
                .containsExactly(data.resolve("engine"));
        engine.restart();
        assertThat(values(engine.store())).containsExactly("first");
    }

    /** What a process leaves that is killed while it makes the store. */
    @ParameterizedTest
    @ValueSource(ints = {0, 100, 9_000})
    void shouldMakeAStoreAgainWhoseMakingWasCutShort(int bytes) throws IOException {
        Path folder = Files.createDirectories(data.resolve("engine"));
        Files.write(folder.resolve("store-1"), new byte[0]);
        Files.write(folder.resolve("store-1.commit"), new byte[bytes]);
        engine.restart();
        append(engine.store(), engine.time().milliseconds(), "first");
        engine.crash();
        assertThat(values(engine.store())).containsExactly("first");
    }

    @Test
    void shouldLeaveNoStoreBehindOnceItsLastPartitionIsGone() throws IOException {
        LogStore store = engine.store();
        append(store, engine.time().milliseconds(), "gone");
        store.close();
        engine.engine().delete(PARTITION);
        engine.restart();
        try (var files = Files.list(data.resolve("engine"))) {
            assertThat(files).isEmpty();
        }
        LogStore again = engine.store();
        assertThat(again.logEndOffset()).isZero();
        append(again, engine.time().milliseconds(), "new");
        engine.crash();
        assertThat(values(engine.store())).containsExactly("new");
    }
}
