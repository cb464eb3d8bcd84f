package io.sluice.storage.mapdb;

import static io.sluice.storage.kit.EngineFixture.PARTITION;
import static io.sluice.storage.kit.EngineFixture.append;
import static io.sluice.storage.kit.EngineFixture.config;
import static io.sluice.storage.kit.EngineFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.LogDamage;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.kit.Batches;
import io.sluice.storage.kit.EngineFixture;
import io.sluice.storage.kit.FaultyDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MapdbEngineTest {
    @TempDir
    Path data;

    private FaultyDisk disk;
    private EngineFixture engine;

    @BeforeEach
    void open() throws IOException {
        disk = new FaultyDisk(data);
        engine = new EngineFixture(new MapdbEngineFactory(), disk.root());
    }

    @AfterEach
    void close() throws IOException {
        disk.empty();
        engine.engine().close();
    }

    private long now() {
        return engine.time().milliseconds();
    }

    private Path directory() {
        return data.resolve("engine");
    }

    /** Brings everything into the store. */
    private void drain() {
        engine.scheduler().runAll();
    }

    @Test
    void shouldReadTheSameFromTheStoreAsFromMemory() throws IOException {
        LogStore store = engine.store();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            append(store, now() + i, "v" + i, "w".repeat(i * 500));
            expected.add("v" + i);
            expected.add("w".repeat(i * 500));
            if (i == 20 || i == 40) {
                drain();
            }
        }
        assertThat(values(store)).isEqualTo(expected);
        drain();
        assertThat(values(store)).isEqualTo(expected);
        store.truncateTo(61);
        append(store, now(), "new");
        engine.crash();
        assertThat(values(engine.store())).hasSize(61).endsWith("new");
    }

    @Test
    void shouldKeepABatchOfSeveralMebibytes() throws IOException {
        LogStore store = engine.store();
        String large = "x".repeat(5_000_000);
        append(store, now(), large);
        append(store, now(), "small");
        drain();
        engine.restart();
        assertThat(values(engine.store())).containsExactly(large, "small");
    }

    @Test
    void shouldKeepWhatWasBesideTheBatchesThroughACrash() throws IOException {
        LogStore store = engine.store();
        for (int i = 0; i < 10; i++) {
            append(store, now(), "v" + i);
        }
        drain();
        store.advanceLogStart(4);
        store.writeSnapshot(10, Batches.bytes("state"));
        engine.crash();
        store = engine.store();
        assertThat(store.logStartOffset()).isEqualTo(4);
        assertThat(store.snapshots(10).get(0).state()).isEqualTo(Batches.bytes("state"));
        assertThat(values(store)).hasSize(6);
        long size = store.sizeInBytes();
        drain();
        engine.restart();
        assertThat(engine.store().sizeInBytes()).isEqualTo(size);
    }

    @Test
    void shouldFailAnAppendOnAFullDiskAndGoOnOnceThereIsRoom() throws IOException {
        LogStore store = engine.store();
        append(store, now(), "a");
        disk.leave(40L);
        assertThatThrownBy(() -> append(store, now(), "b".repeat(200))).isInstanceOf(IOException.class);
        assertThat(store.logEndOffset()).isEqualTo(1);
        assertThat(values(store)).containsExactly("a");
        disk.empty();
        append(store, now(), "c");
        engine.crash();
        assertThat(values(engine.store())).containsExactly("a", "c");
    }

    @Test
    void shouldCutAJournalAtItsLastWholeChange() throws IOException {
        LogStore store = engine.store();
        append(store, now(), "a");
        append(store, now(), "b");
        long number = Journal.numbers(directory()).get(0);
        Path journal = Journal.file(directory(), number);
        byte[] bytes = Files.readAllBytes(journal);
        Files.write(journal, java.util.Arrays.copyOf(bytes, bytes.length - 5));
        engine.crash();
        assertThat(values(engine.store())).containsExactly("a");
    }

    @Test
    void shouldNameADamagedBatchAndReadTheRest() throws IOException {
        LogStore store = engine.store();
        append(store, now(), "before");
        append(store, now(), "here-is-the-damage");
        append(store, now(), "behind");
        drain();
        engine.restart();
        flip("here-is-the-damage");
        engine.crash();
        drain();
        LogStore damaged = engine.store();
        assertThat(damaged.damage()).hasSize(1);
        assertThat(damaged.damage().get(0).contains(1)).isTrue();
        assertThat(Batches.values(Batches.take(damaged.read(0, 1 << 20, 3, true).records())))
                .containsExactly("before");
        assertThatThrownBy(() -> damaged.read(1, 1 << 20, 3, true)).hasMessageContaining("damaged");
        assertThat(Batches.values(Batches.take(damaged.read(2, 1 << 20, 3, true).records())))
                .containsExactly("behind");
        assertThatThrownBy(() -> append(damaged, now(), "more")).hasMessageContaining("damaged");
    }

    @Test
    void shouldFindBatchesThatWereLostAmongOffsetsThatWereNeverWritten() throws IOException {
        LogStore store = engine.store();
        for (long offset = 0; offset < 50; offset += 5) {
            store.append(Batches.at(offset, now(), "v" + offset), offset, offset, now(), offset);
        }
        engine.restart();
        assertThat(engine.store().damage()).isEmpty();
        engine.restart();
        engine.engine().close();
        Files.delete(directory().resolve("clean"));
        BatchStore inside = BatchStore.open(StoreFiles.current(directory()));
        inside.removeBatches(1, 20, 21);
        inside.removeBatches(1, 45, 46);
        inside.commit();
        inside.close();
        engine.crash();
        drain();
        LogStore damaged = engine.store();
        assertThat(damaged.damage()).extracting(LogDamage::firstOffset).containsExactly(16L, 41L);
        assertThat(Batches.values(
                        Batches.take(damaged.read(0, 1 << 20, 17, true).records())))
                .containsExactly("v0", "v5", "v10", "v15");
        assertThatThrownBy(() -> damaged.read(17, 1 << 20, 46, true)).hasMessageContaining("missing");
        assertThatThrownBy(() -> damaged.read(41, 1 << 20, 46, true)).hasMessageContaining("missing");
        assertThat(Batches.values(
                        Batches.take(damaged.read(22, 1 << 20, 41, true).records())))
                .containsExactly("v25", "v30", "v35", "v40");
    }

    private void flip(String text) throws IOException {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        Path file = StoreFiles.current(directory());
        byte[] bytes = Files.readAllBytes(file);
        int found = 0;
        for (int at = 0; at + wanted.length <= bytes.length; at++) {
            if (java.util.Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                bytes[at] ^= 1;
                found++;
            }
        }
        assertThat(found).isPositive();
        Files.write(file, bytes);
    }

    @Test
    void shouldPutAStoreAsideThatCannotBeRead() throws IOException {
        append(engine.store(), now(), "a");
        engine.engine().close();
        Path file = StoreFiles.current(directory());
        Files.write(file, new byte[(int) Files.size(file)]);
        assertThatThrownBy(() -> engine.crash()).isInstanceOf(IOException.class).hasMessageContaining("quarantine");
        assertThatThrownBy(() -> engine.crash()).isInstanceOf(IOException.class).hasMessageContaining("quarantine");
        Files.move(directory().resolve("quarantine"), data.resolve("elsewhere"));
        engine.crash();
        assertThat(engine.engine().stored()).isEmpty();
        assertThat(values(engine.store())).isEmpty();
    }

    @Test
    void shouldKeepTheLastRecordOfEachKey() throws IOException {
        LogStore store = engine.store("cleanup.policy", "compact", "internal.segment.bytes", "400");
        for (int i = 0; i < 100; i++) {
            ByteBuffer batch = Batches.keyed(now(), "k" + i % 4, "v" + i);
            batch.putLong(0, i);
            store.append(batch, i, i, now(), i);
        }
        long size = store.sizeInBytes();
        assertThat(store.maintain(100).compactedBytes()).isPositive();
        assertThat(store.sizeInBytes()).isLessThan(size / 4);
        engine.crash();
        LogStore again = engine.store("cleanup.policy", "compact");
        assertThat(again.logEndOffset()).isEqualTo(100);
        assertThat(again.damage()).isEmpty();
        Map<String, String> latest = new HashMap<>();
        for (Batches.Read read : EngineFixture.readAll(again, 0, 500)) {
            latest.put(String.valueOf(read.key()), String.valueOf(read.value()));
        }
        assertThat(latest)
                .containsOnly(
                        Map.entry("k0", "v96"), Map.entry("k1", "v97"), Map.entry("k2", "v98"), Map.entry("k3", "v99"));
    }

    @Test
    void shouldKeepThousandsOfPartitionsInAHandfulOfFiles() throws IOException {
        List<TopicIdPartition> all = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            all.add(new TopicIdPartition(new Uuid(3L, i), "small-" + i, 0));
        }
        for (TopicIdPartition partition : all) {
            LogStore store = engine.engine().open(partition, config());
            append(store, now(), partition.topic());
            store.close();
        }
        try (Stream<Path> files = Files.list(directory())) {
            assertThat(files.count()).isLessThan(10);
        }
        engine.crash();
        drain();
        engine.restart();
        assertThat(engine.engine().stored()).hasSize(3000);
        for (TopicIdPartition partition : all) {
            assertThat(values(engine.engine().open(partition, config()))).containsExactly(partition.topic());
        }
    }

    @Test
    void shouldForgetADeletedPartitionThroughACrash() throws IOException {
        append(engine.store(), now(), "a");
        drain();
        engine.restart();
        engine.engine().delete(PARTITION);
        engine.crash();
        assertThat(engine.engine().stored()).isEmpty();
        LogStore again = engine.store();
        assertThat(again.logEndOffset()).isZero();
        append(again, now(), "b");
        drain();
        assertThat(values(again)).containsExactly("b");
    }

    /** More batches than are removed in one commit. */
    @Test
    void shouldDeleteAPartitionOfVeryManyBatches() throws IOException {
        LogStore store = engine.store();
        for (int i = 0; i < 10_050; i++) {
            append(store, now(), "a");
        }
        drain();
        engine.restart();
        engine.engine().delete(PARTITION);
        drain();
        engine.restart();
        assertThat(engine.engine().stored()).isEmpty();
        append(engine.store(), now(), "b");
        engine.crash();
        assertThat(values(engine.store())).containsExactly("b");
    }
}
