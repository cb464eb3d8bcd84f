package io.sluice.storage.kit;

import static io.sluice.storage.kit.EngineFixture.append;
import static io.sluice.storage.kit.EngineFixture.readAll;
import static io.sluice.storage.kit.EngineFixture.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.EpochEntry;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.Snapshot;
import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.api.TimestampOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every engine's store of one partition must do. */
public abstract class LogStoreContract {
    private static final int ALL = 1 << 20;

    @TempDir
    protected Path data;

    protected EngineFixture engine;

    protected abstract StorageEngineFactory factory();

    @BeforeEach
    void open() throws IOException {
        engine = new EngineFixture(factory(), data);
    }

    private long now() {
        return engine.time().milliseconds();
    }

    private static List<String> take(LogRead read) {
        return Batches.values(Batches.take(read.records()));
    }

    @Test
    void shouldBeginEmptyAtOffsetZero() throws IOException {
        LogStore store = engine.store();
        assertThat(store.logStartOffset()).isZero();
        assertThat(store.logEndOffset()).isZero();
        assertThat(store.sizeInBytes()).isZero();
        assertThat(store.read(0, ALL, 0, true).isEmpty()).isTrue();
        assertThat(store.latestTimestamp()).isNull();
        assertThat(store.firstAtOrAfter(0)).isNull();
    }

    @Test
    void shouldReadWhatWasAppended() throws IOException {
        LogStore store = engine.store();
        append(store, now(), "a", "b");
        append(store, now(), "c");
        assertThat(store.logEndOffset()).isEqualTo(3);
        assertThat(take(store.read(0, ALL, 3, true))).containsExactly("a", "b", "c");
        assertThat(take(store.read(2, ALL, 3, true))).containsExactly("c");
    }

    @Test
    void shouldAppendFromADirectBufferAndLeaveItsPositionAlone() throws IOException {
        LogStore store = engine.store();
        ByteBuffer batch = Batches.at(0, now(), "x");
        ByteBuffer direct = ByteBuffer.allocateDirect(batch.remaining() + 20);
        direct.position(10);
        direct.put(batch.duplicate()).flip().position(10);
        store.append(direct, 0, 0, now(), 0);
        assertThat(direct.position()).isEqualTo(10);
        assertThat(direct.remaining()).isEqualTo(batch.remaining());
        assertThat(values(store)).containsExactly("x");
    }

    @Test
    void shouldReturnTheWholeBatchThatContainsTheOffset() throws IOException {
        LogStore store = engine.store();
        append(store, now(), "a", "b", "c");
        append(store, now(), "d");
        LogRead read = store.read(1, ALL, 4, true);
        assertThat(read.firstOffset()).isZero();
        assertThat(take(read)).containsExactly("a", "b", "c", "d");
    }

    @Test
    void shouldEndAtABatchBoundaryWithinMaxBytes() throws IOException {
        LogStore store = engine.store();
        for (int i = 0; i < 10; i++) {
            append(store, now(), "v" + i);
        }
        int batchBytes = (int) (store.sizeInBytes() / 10);
        assertThat(take(store.read(2, 3 * batchBytes + batchBytes / 2, 10, true)))
                .containsExactly("v2", "v3", "v4");
        assertThat(take(store.read(2, 3 * batchBytes, 10, false))).containsExactly("v2", "v3", "v4");
        assertThat(take(store.read(5, ALL, 10, false))).containsExactly("v5", "v6", "v7", "v8", "v9");
    }

    @Test
    void shouldReturnOneBatchThatIsTooLargeOnlyWhenAsked() throws IOException {
        LogStore store = engine.store();
        append(store, now(), "large");
        append(store, now(), "next");
        assertThat(take(store.read(0, 1, 2, true))).containsExactly("large");
        assertThat(store.read(0, 1, 2, false).isEmpty()).isTrue();
        assertThat(store.read(1, 0, 2, false).isEmpty()).isTrue();
    }

    @Test
    void shouldReadNothingAtOrAboveTheEndOffset() throws IOException {
        LogStore store = engine.store();
        append(store, now(), "a");
        append(store, now(), "b", "c");
        append(store, now(), "d");
        assertThat(take(store.read(0, ALL, 3, true))).containsExactly("a", "b", "c");
        assertThat(take(store.read(0, ALL, 2, true))).containsExactly("a");
        assertThat(store.read(1, ALL, 2, true).isEmpty()).isTrue();
        assertThat(store.read(1, ALL, 1, true).isEmpty()).isTrue();
        assertThat(store.read(4, ALL, 4, true).isEmpty()).isTrue();
    }

    @Test
    void shouldReadAcrossManySegmentsInPiecesOfAnySize() throws IOException {
        LogStore store = engine.store("internal.segment.bytes", "700", "index.interval.bytes", "150");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            append(store, now() + i, "r" + i, "s" + i);
            expected.add("r" + i);
            expected.add("s" + i);
        }
        for (int maxBytes : new int[] {1, 100, 333, 1000, ALL}) {
            assertThat(readAll(store, 0, maxBytes).stream().map(Batches.Read::value))
                    .containsExactlyElementsOf(expected);
            assertThat(readAll(store, 157, maxBytes)).hasSize(400 - 157);
        }
    }

    @Test
    void shouldSkipNothingWhenABatchDoesNotFit() throws IOException {
        LogStore store = engine.store("internal.segment.bytes", "200");
        append(store, now(), "x".repeat(100));
        append(store, now(), "y");
        append(store, now(), "z".repeat(150));
        assertThat(store.read(0, 10, 3, false).isEmpty()).isTrue();
    }

    @Test
    void shouldScanTheHeadersFromAnOffset() throws IOException {
        LogStore store = engine.store("internal.segment.bytes", "300");
        for (int i = 0; i < 20; i++) {
            append(store, now(), "v" + i, "w" + i);
        }
        List<Long> bases = new ArrayList<>();
        store.scan(7, (header, at) -> bases.add(BatchHeader.baseOffset(header, at)));
        assertThat(bases).hasSize(17).startsWith(6L, 8L).endsWith(38L);
    }

    @Test
    void shouldFindTheFirstRecordAtOrAfterATime() throws IOException {
        LogStore store = engine.store("internal.segment.bytes", "400", "index.interval.bytes", "100");
        long start = now();
        for (int i = 0; i < 60; i++) {
            append(store, start + 10L * i, "v" + i);
        }
        for (int i = 0; i < 60; i++) {
            assertThat(store.firstAtOrAfter(start + 10L * i - 5)).isEqualTo(new TimestampOffset(start + 10L * i, i, 0));
            assertThat(store.firstAtOrAfter(start + 10L * i)).isEqualTo(new TimestampOffset(start + 10L * i, i, 0));
        }
        assertThat(store.firstAtOrAfter(start + 591)).isNull();
        assertThat(store.latestTimestamp()).isEqualTo(new TimestampOffset(start + 590, 59, 0));
    }

    @Test
    void shouldFindTimesThatDoNotRise() throws IOException {
        LogStore store = engine.store();
        append(store, now() + 50, "a");
        append(store, now() + 10, "b");
        append(store, now() + 90, "c");
        append(store, now() + 20, "d");
        assertThat(store.firstAtOrAfter(now() + 20)).isEqualTo(new TimestampOffset(now() + 50, 0, 0));
        assertThat(store.firstAtOrAfter(now() + 60)).isEqualTo(new TimestampOffset(now() + 90, 2, 0));
        assertThat(store.latestTimestamp()).isEqualTo(new TimestampOffset(now() + 90, 2, 0));
    }

    @Test
    void shouldCutAtABatchAndGoOnFromThere() throws IOException {
        LogStore store = engine.store("internal.segment.bytes", "300");
        for (int i = 0; i < 30; i++) {
            append(store, now() + i, "v" + i);
        }
        store.truncateTo(12);
        assertThat(store.logEndOffset()).isEqualTo(12);
        assertThat(values(store)).hasSize(12).endsWith("v11");
        assertThat(store.latestTimestamp()).isEqualTo(new TimestampOffset(now() + 11, 11, 0));
        append(store, now(), "new");
        assertThat(values(store)).hasSize(13).endsWith("v11", "new");
        assertThat(take(store.read(12, ALL, 13, true))).containsExactly("new");
    }

    @Test
    void shouldCutBeforeTheBatchThatContainsTheOffset() throws IOException {
        LogStore store = engine.store();
        append(store, now(), "a");
        append(store, now(), "b", "c", "d");
        store.truncateTo(3);
        assertThat(store.logEndOffset()).isEqualTo(1);
        assertThat(values(store)).containsExactly("a");
    }

    @Test
    void shouldNeverEndBelowItsStart() throws IOException {
        LogStore store = engine.store();
        append(store, now(), "a", "b", "c", "d");
        store.advanceLogStart(2);
        store.truncateTo(3);
        assertThat(store.logStartOffset()).isEqualTo(2);
        assertThat(store.logEndOffset()).isEqualTo(2);
        append(store, now(), "new");
        assertThat(values(store)).containsExactly("new");
    }

    @Test
    void shouldStartAnewAtAnyOffset() throws IOException {
        LogStore store = engine.store("internal.segment.bytes", "200");
        for (int i = 0; i < 10; i++) {
            append(store, now(), "v" + i);
        }
        store.truncateFullyAndStartAt(1000);
        assertThat(store.logStartOffset()).isEqualTo(1000);
        assertThat(store.logEndOffset()).isEqualTo(1000);
        assertThat(store.sizeInBytes()).isZero();
        append(store, now(), "first");
        assertThat(readAll(store, 1000, ALL)).extracting(Batches.Read::offset).containsExactly(1000L);
    }

    @Test
    void shouldRaiseTheStartAndDropWholeSegmentsBelowIt() throws IOException {
        LogStore store = engine.store("internal.segment.bytes", "300");
        for (int i = 0; i < 30; i++) {
            append(store, now(), "v" + i);
        }
        long before = store.sizeInBytes();
        store.advanceLogStart(17);
        assertThat(store.logStartOffset()).isEqualTo(17);
        store.maintain(30);
        assertThat(store.logStartOffset()).isEqualTo(17);
        assertThat(store.sizeInBytes()).isLessThan(before);
        assertThat(readAll(store, 17, ALL)).hasSize(13);
        assertThat(store.firstAtOrAfter(0)).isEqualTo(new TimestampOffset(now(), 17, 0));
    }

    @Test
    void shouldFindNoTimeOfRecordsBelowTheStart() throws IOException {
        LogStore store = engine.store();
        append(store, now() + 90, "a", "b");
        append(store, now() + 10, "c");
        store.advanceLogStart(2);
        assertThat(store.latestTimestamp()).isEqualTo(new TimestampOffset(now() + 10, 2, 0));
        assertThat(store.firstAtOrAfter(now() + 11)).isNull();
    }

    @Test
    void shouldDeleteWhatIsTooOldButNothingAboveTheHighWatermark() throws IOException {
        LogStore store = engine.store("internal.segment.bytes", "200", "retention.ms", "1000");
        for (int i = 0; i < 10; i++) {
            append(store, now(), "old" + i);
        }
        engine.time().advance(2000);
        append(store, now(), "new");
        assertThat(store.maintain(4).deletedBytes()).isPositive();
        assertThat(store.logStartOffset()).isBetween(1L, 4L);
        store.maintain(11);
        assertThat(values(store)).contains("new").doesNotContain("old0", "old1", "old2", "old3", "old4", "old5");
        engine.time().advance(2000);
        store.maintain(11);
        assertThat(store.logStartOffset()).isEqualTo(11);
        assertThat(store.logEndOffset()).isEqualTo(11);
        append(store, now(), "after");
        assertThat(values(store)).containsExactly("after");
    }

    @Test
    void shouldDeleteTheOldestWhenTheLogIsTooLarge() throws IOException {
        LogStore store = engine.store("internal.segment.bytes", "300", "retention.bytes", "900", "retention.ms", "-1");
        for (int i = 0; i < 40; i++) {
            append(store, now(), "v" + i);
        }
        store.maintain(40);
        assertThat(store.sizeInBytes()).isBetween(600L, 1200L);
        assertThat(values(store)).endsWith("v39").doesNotContain("v0");
        assertThat(store.logStartOffset()).isPositive();
    }

    @Test
    void shouldKeepEverythingWhenNothingIsToBeDeleted() throws IOException {
        LogStore store = engine.store("internal.segment.bytes", "300", "retention.ms", "-1");
        for (int i = 0; i < 40; i++) {
            append(store, now(), "v" + i);
        }
        engine.time().advance(Long.MAX_VALUE / 4);
        assertThat(store.maintain(40).deletedBytes()).isZero();
        assertThat(values(store)).hasSize(40);
    }

    @Test
    void shouldKeepSnapshotsAndDropThoseAboveACut() throws IOException {
        LogStore store = engine.store();
        for (int i = 0; i < 10; i++) {
            append(store, now(), "v" + i);
        }
        store.writeSnapshot(4, Batches.bytes("four"));
        assertThat(store.snapshots(10)).containsExactly(new Snapshot(4, Batches.bytes("four")));
        store.writeSnapshot(9, Batches.bytes("nine"));
        assertThat(store.snapshots(10).get(0)).isEqualTo(new Snapshot(9, Batches.bytes("nine")));
        store.truncateTo(6);
        assertThat(store.snapshots(100)).noneMatch(snapshot -> snapshot.offset() > 6);
    }

    @Test
    void shouldKeepLeaderEpochs() throws IOException {
        LogStore store = engine.store();
        assertThat(store.readLeaderEpochs()).isEmpty();
        List<EpochEntry> epochs = List.of(new EpochEntry(0, 0), new EpochEntry(3, 17));
        store.writeLeaderEpochs(epochs);
        assertThat(store.readLeaderEpochs()).isEqualTo(epochs);
    }

    @Test
    void shouldSayOnceThatItRolled() throws IOException {
        LogStore store = engine.store("internal.segment.bytes", "150");
        append(store, now(), "a".repeat(50));
        assertThat(store.pollRolled()).isFalse();
        append(store, now(), "b".repeat(50));
        assertThat(store.pollRolled()).isTrue();
        assertThat(store.pollRolled()).isFalse();
    }

    @Test
    void shouldKeepSlicesReadableAfterTheCloseOfTheStore() throws IOException {
        LogStore store = engine.store();
        append(store, now(), "x".repeat(50_000));
        LogRead read = store.read(0, ALL, 1, true);
        store.close();
        assertThat(take(read)).containsExactly("x".repeat(50_000));
    }

    @Test
    void shouldRefuseAppendsAfterTheClose() throws IOException {
        LogStore store = engine.store();
        store.close();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> append(store, now(), "late"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void shouldReadWholeBatchesInOrderBesideAppends() throws Exception {
        LogStore store = engine.store("internal.segment.bytes", "20000", "index.interval.bytes", "500");
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> {
            long next = 0;
            try {
                while (!done.get() || next < store.logEndOffset()) {
                    LogRead read = store.read(next, 3000, store.logEndOffset(), true);
                    for (Batches.Read record : Batches.read(Batches.take(read.records()))) {
                        if (record.offset() >= next) {
                            assertThat(record.offset()).isEqualTo(next);
                            assertThat(record.value()).isEqualTo("v" + next);
                            next++;
                        }
                    }
                }
                return next;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        for (int i = 0; i < 20_000 && !reader.isDone(); i += 2) {
            append(store, now(), "v" + i, "v" + (i + 1));
        }
        done.set(true);
        assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo(20_000);
    }

    @Test
    void shouldGiveReadersDataOrAFailureWhenItClosesBesideThem() throws Exception {
        LogStore store = engine.store("internal.segment.bytes", "5000");
        for (int i = 0; i < 300; i++) {
            append(store, now(), "v" + i + "x".repeat(200));
        }
        CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> {
            int reads = 0;
            try {
                while (reads < 1_000_000) {
                    LogRead read = store.read(reads % 300, 10_000, 300, true);
                    assertThat(Batches.values(Batches.take(read.records()))).isNotEmpty();
                    reads++;
                }
                return -1;
            } catch (IOException e) {
                return reads;
            }
        });
        org.awaitility.Awaitility.await().until(() -> store.logEndOffset() == 300);
        store.maintain(300);
        store.maintain(300);
        store.close();
        assertThat(reader.get(30, TimeUnit.SECONDS)).isNotNegative();
    }

    @Test
    void shouldReadBesideMaintenanceThatLetsGoOfFiles() throws Exception {
        LogStore store = engine.store("internal.segment.bytes", "3000", "retention.bytes", "20000");
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> {
            long reads = 0;
            try {
                while (!done.get()) {
                    long from = store.logStartOffset();
                    LogRead read = store.read(from, 5000, store.logEndOffset(), true);
                    Batches.read(Batches.take(read.records()));
                    reads++;
                }
                return reads;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        for (int i = 0; i < 2000 && !reader.isDone(); i++) {
            append(store, now(), "v" + i + "x".repeat(100));
            if (i % 20 == 0) {
                store.maintain(store.logEndOffset());
                engine.scheduler().runPending();
            }
        }
        done.set(true);
        assertThat(reader.get(30, TimeUnit.SECONDS)).isPositive();
        assertThat(store.logStartOffset()).isPositive();
    }
}
