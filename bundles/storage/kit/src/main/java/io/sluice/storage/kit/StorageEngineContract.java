package io.sluice.storage.kit;

import static io.sluice.storage.kit.EngineFixture.PARTITION;
import static io.sluice.storage.kit.EngineFixture.append;
import static io.sluice.storage.kit.EngineFixture.config;
import static io.sluice.storage.kit.EngineFixture.readAll;
import static io.sluice.storage.kit.EngineFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.StorageEngineFactory;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every engine must do with its partitions, and over restarts, crashes and updates. */
public abstract class StorageEngineContract {
    @TempDir
    protected Path data;

    protected EngineFixture engine;

    protected abstract StorageEngineFactory factory();

    /** Whether the contents survive the end of the process; else the log begins after a restart where it ended. */
    protected boolean isDurable() {
        return true;
    }

    @BeforeEach
    void open() throws IOException {
        engine = new EngineFixture(factory(), data);
    }

    private long now() {
        return engine.time().milliseconds();
    }

    @Test
    void shouldKeepPartitionsApart() throws IOException {
        TopicIdPartition other = new TopicIdPartition(new Uuid(7L, 9L), "orders-eu", 4);
        LogStore one = engine.store();
        LogStore two = engine.engine().open(other, config());
        append(one, now(), "one");
        append(two, now(), "two", "three");
        assertThat(values(one)).containsExactly("one");
        assertThat(values(two)).containsExactly("two", "three");
        assertThat(engine.engine().stored()).containsExactlyInAnyOrder(PARTITION, other);
    }

    @Test
    void shouldRefuseToOpenAPartitionTwice() throws IOException {
        engine.store();
        assertThatThrownBy(() -> engine.store()).isInstanceOf(IOException.class);
    }

    @Test
    void shouldOpenAPartitionAgainAfterItsClose() throws IOException {
        LogStore store = engine.store();
        append(store, now(), "a");
        store.close();
        store = engine.store();
        append(store, now(), "b");
        assertThat(values(store)).containsExactly("a", "b");
    }

    @Test
    void shouldDeleteAPartitionForGood() throws IOException {
        LogStore store = engine.store();
        append(store, now(), "a");
        store.close();
        engine.engine().delete(PARTITION);
        engine.scheduler().runAll();
        assertThat(engine.engine().stored()).isEmpty();
        assertThat(engine.store().logEndOffset()).isZero();
    }

    @Test
    void shouldComeBackAfterARestart() throws IOException {
        LogStore store = engine.store("internal.segment.bytes", "300");
        for (int i = 0; i < 20; i++) {
            append(store, now() + i, "v" + i);
        }
        engine.restart();
        store = engine.store("internal.segment.bytes", "300");
        assertThat(store.logEndOffset()).isEqualTo(20);
        if (isDurable()) {
            assertThat(engine.engine().stored()).containsExactly(PARTITION);
            assertThat(values(store)).hasSize(20).endsWith("v19");
        } else {
            assertThat(store.logStartOffset()).isEqualTo(20);
        }
        append(store, now(), "next");
        assertThat(values(store)).endsWith("next");
    }

    @Test
    void shouldComeBackAfterACrash() throws IOException {
        LogStore store = engine.store("internal.segment.bytes", "300");
        for (int i = 0; i < 20; i++) {
            append(store, now() + i, "v" + i);
        }
        engine.crash();
        store = engine.store("internal.segment.bytes", "300");
        assertThat(store.logEndOffset()).isGreaterThanOrEqualTo(20);
        if (isDurable()) {
            assertThat(store.logEndOffset()).isEqualTo(20);
            assertThat(values(store)).hasSize(20).endsWith("v19");
        } else {
            assertThat(store.logStartOffset()).isEqualTo(store.logEndOffset());
        }
        append(store, now(), "next");
        assertThat(readAll(store, store.logEndOffset() - 1, 1000)).hasSize(1);
    }

    @Test
    void shouldKeepTheContentsThroughAnUpdate() throws IOException {
        LogStore store = engine.store("internal.segment.bytes", "300");
        for (int i = 0; i < 20; i++) {
            append(store, now() + i, "v" + i);
        }
        store.advanceLogStart(3);
        store.writeSnapshot(20, Batches.bytes("state"));
        store.close();
        engine.update();
        store = engine.store("internal.segment.bytes", "300");
        assertThat(store.logStartOffset()).isEqualTo(3);
        assertThat(store.logEndOffset()).isEqualTo(20);
        assertThat(values(store)).hasSize(17).endsWith("v19");
        assertThat(store.snapshots(20).get(0).state()).isEqualTo(Batches.bytes("state"));
    }

    @Test
    void shouldNameItsDirectories() {
        assertThat(engine.engine().directories())
                .allSatisfy(directory -> assertThat(directory.totalBytes()).isPositive());
    }
}
