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
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    /** A copy of a compacted log: offsets are missing that never were there, within a piece and between pieces, also where it rolls. */
    @Test
    void shouldTakeOffsetsThatWereNeverWrittenForNoDamage() throws IOException {
        String[] config = {"internal.segment.bytes", "300", "retention.ms", "-1"};
        LogStore store = engine.store(config);
        store.truncateFullyAndStartAt(40);
        List<String> expected = new ArrayList<>();
        long next = 43;
        for (int i = 0; i < 20; i++) {
            long first = next;
            long second = first + 2 + i % 3;
            ByteBuffer piece = Batches.join(
                    Batches.at(first, now(), "v" + first), Batches.at(second, now(), "v" + second, "w" + second));
            store.append(piece, first, second + 1, now(), second + 1);
            expected.addAll(List.of("v" + first, "v" + second, "w" + second));
            next = second + 2 + i % 4;
            if (i % 5 == 0) {
                engine.scheduler().runPending();
            }
        }
        requireWhole(store, expected);
        long end = store.logEndOffset();
        for (boolean killed : new boolean[] {true, false, true}) {
            if (killed) {
                engine.crash();
            } else {
                engine.restart();
            }
            store = engine.store(config);
            assertThat(store.logEndOffset()).isGreaterThanOrEqualTo(end);
            if (!isDurable()) {
                return;
            }
            assertThat(store.logEndOffset()).isEqualTo(end);
            requireWhole(store, expected);
            store.append(Batches.at(end + 5, now(), "later"), end + 5, end + 5, now(), end + 5);
            expected.add("later");
            end += 6;
            requireWhole(store, expected);
            store.truncateTo(end - 3);
            expected.remove(expected.size() - 1);
            requireWhole(store, expected);
            store.append(Batches.at(end, now(), "instead"), end, end, now(), end);
            expected.add("instead");
            end++;
        }
    }

    private static void requireWhole(LogStore store, List<String> expected) throws IOException {
        assertThat(store.damage()).isEmpty();
        List<String> found = new ArrayList<>();
        long next = store.logStartOffset();
        while (next < store.logEndOffset()) {
            ByteBuffer bytes = Batches.take(
                    store.read(next, 200, store.logEndOffset(), true).records());
            if (!bytes.hasRemaining()) {
                break;
            }
            for (Batches.Read read : Batches.read(bytes)) {
                if (read.offset() >= next) {
                    found.add(String.valueOf(read.value()));
                    next = read.offset() + 1;
                }
            }
        }
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void shouldNameItsDirectories() {
        assertThat(engine.engine().directories())
                .allSatisfy(directory -> assertThat(directory.totalBytes()).isPositive());
    }
}
