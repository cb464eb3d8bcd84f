package io.sluice.storage.kit;

import static io.sluice.storage.kit.EngineFixture.config;
import static io.sluice.storage.kit.EngineFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.AppendResult.Appended;
import io.sluice.storage.api.DiskFullException;
import io.sluice.storage.api.EngineCapability;
import io.sluice.storage.api.LogDirectory;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.StorageEngineFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a full disk may do to an engine that claims {@link EngineCapability#DISK_FULL}, wherever it gets full: an append is refused with
 * what the disk said, nothing that was acknowledged is lost, reads, deletes and retention go on, and writes resume by themselves.
 */
public abstract class DiskFullContract {
    private static final int EPOCH = 5;

    /** At how many points of a history the disk gets full. */
    private static final int POINTS = 40;

    private static final int SEGMENT_VALUES = 6;

    private final String segmentBytes = "" + SEGMENT_VALUES * (valueBytes() + 60);
    private final String[] smallSegments = {
        "internal.segment.bytes",
        segmentBytes,
        "index.interval.bytes",
        "100",
        "retention.ms",
        "-1",
        "file.delete.delay.ms",
        "0"
    };
    private final String[] compacted = {
        "cleanup.policy",
        "compact",
        "internal.segment.bytes",
        segmentBytes,
        "delete.retention.ms",
        "1000",
        "min.cleanable.dirty.ratio",
        "0.01",
        "file.delete.delay.ms",
        "0"
    };

    @TempDir
    protected Path data;

    private int histories;

    protected abstract StorageEngineFactory factory();

    /** How large each record's value is. */
    protected int valueBytes() {
        return 60;
    }

    /** An engine that writes to this disk, in this real folder beneath it. */
    protected EngineFixture open(FaultyDisk disk, Path folder) throws IOException {
        return new EngineFixture(factory(), disk.root());
    }

    /**
     * Whether it can remove records without writing anything. An engine that cannot refuses to, with what the disk said, until there is
     * room.
     */
    protected boolean removesWithoutRoom() {
        return true;
    }

    @BeforeEach
    void assumeThatItIsClaimed() {
        assumeTrue(factory().capabilities().contains(EngineCapability.DISK_FULL));
    }

    /** A log on a disk that gets full, and what was acknowledged. */
    private final class History {
        final FaultyDisk disk;
        final EngineFixture engine;
        final String[] config;
        final List<String> acknowledged = new ArrayList<>();
        final Map<String, String> latest = new HashMap<>();
        PartitionLog log;
        int refused;
        private int attempts;

        History(String... config) throws IOException {
            Path folder = Files.createDirectory(data.resolve("history" + histories++));
            disk = new FaultyDisk(folder);
            engine = open(disk, folder);
            this.config = config;
            log = engine.log(config);
        }

        boolean append(String key) throws IOException {
            String value = attempts++ + "." + "x".repeat(valueBytes() - attempts % 5);
            try {
                assertThat(log.appendAsLeader(Batches.keyed(engine.time().milliseconds(), key, value), true, EPOCH))
                        .isInstanceOf(Appended.class);
            } catch (IOException e) {
                requireThatTheDiskIsFull(e);
                refused++;
                return false;
            }
            acknowledged.add(value);
            latest.put(key, value);
            return true;
        }

        /** What an engine does beside appends may fail, for want of room only. */
        void attempt(Step step) throws IOException {
            try {
                step.run();
            } catch (IOException e) {
                requireThatTheDiskIsFull(e);
                refused++;
            }
        }

        private void requireThatTheDiskIsFull(IOException failure) {
            assertThat(DiskFullException.isMeantBy(failure))
                    .as("a full disk is to blame: %s", failure)
                    .isTrue();
        }

        void background() {
            engine.scheduler().runAll();
            engine.scheduler().runAll();
        }

        void maintain() throws IOException {
            log.committed(log.logEndOffset());
            log.maintain(log.logEndOffset());
        }

        /** Everything is there, and nothing else. */
        void check() throws IOException {
            assertThat(log.failure()).isNull();
            assertThat(log.damage()).isEmpty();
            assertThat(engine.engine().directories()).allSatisfy(this::requireThatItIsOnline);
            assertThat(log.logEndOffset()).isEqualTo(acknowledged.size());
            List<Batches.Read> found = readAll(log.store(), log.logStartOffset(), 1 << 20);
            if (config == compacted) {
                Map<String, String> now = new HashMap<>();
                found.forEach(read -> now.put(String.valueOf(read.key()), String.valueOf(read.value())));
                assertThat(now).isEqualTo(latest);
            } else {
                assertThat(found.stream().map(Batches.Read::value))
                        .containsExactlyElementsOf(
                                acknowledged.subList((int) log.logStartOffset(), acknowledged.size()));
            }
        }

        private void requireThatItIsOnline(LogDirectory directory) {
            assertThat(directory.failure()).isNull();
        }

        void reopen() throws IOException {
            log = engine.log(config);
            check();
        }
    }

    /** Something that an engine does. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /** Something that is done with a log again and again. */
    @FunctionalInterface
    private interface Load {
        void run(History history) throws IOException;
    }

    private static void appendFlushAndRoll(History history) throws IOException {
        for (int i = 1; i <= 40; i++) {
            history.append("k");
            if (i % 5 == 0) {
                history.attempt(history.log::flush);
            }
            if (i % 7 == 0) {
                history.background();
            }
            if (i % 11 == 0) {
                history.attempt(history::maintain);
            }
        }
    }

    private static void appendAndCompact(History history) throws IOException {
        for (int i = 1; i <= 45; i++) {
            history.append("k" + i % 4);
            if (i % 15 == 0) {
                history.background();
                history.attempt(history::maintain);
            }
        }
    }

    private void everywhere(String[] config, Load load) throws IOException {
        History whole = new History(config);
        long before = whole.disk.mostUsed();
        load.run(whole);
        whole.check();
        assertThat(whole.refused).isZero();
        long taken = whole.disk.mostUsed() - before;
        whole.engine.engine().close();
        int refusals = 0;
        for (int point = 0; point < POINTS; point++) {
            History history = new History(config);
            history.disk.leave(taken * point / POINTS + point % 3);
            load.run(history);
            history.check();
            refusals += history.refused > 0 ? 1 : 0;
            if (point % 3 == 0) {
                history.disk.killProcess();
                history.disk.empty();
                history.engine.crash();
                history.reopen();
            }
            resume(history);
            history.engine.restart();
            history.reopen();
            history.engine.engine().close();
        }
        assertThat(refusals).isGreaterThan(POINTS / 2);
    }

    private static void resume(History history) throws IOException {
        history.disk.empty();
        history.background();
        for (int i = 0; i < 10; i++) {
            assertThat(history.append("k")).as("an append once there is room").isTrue();
        }
        history.log.flush();
        assertThat(history.log.flushedOffset()).isEqualTo(history.log.logEndOffset());
        history.maintain();
        history.check();
    }

    @Test
    void shouldRefuseAppendsAndLoseNothingWhereverTheDiskGetsFull() throws IOException {
        everywhere(smallSegments, DiskFullContract::appendFlushAndRoll);
    }

    @Test
    void shouldLoseNothingWhereverACompactionFindsNoRoom() throws IOException {
        assumeTrue(factory().capabilities().contains(EngineCapability.COMPACTION));
        everywhere(compacted, DiskFullContract::appendAndCompact);
    }

    private History full() throws IOException {
        History history = new History(smallSegments);
        for (int i = 0; i < 40; i++) {
            assertThat(history.append("k")).isTrue();
        }
        history.background();
        history.disk.leave(0L);
        assertThat(history.append("k")).isFalse();
        history.check();
        return history;
    }

    @Test
    void shouldDeleteWhatIsOldOnAFullDisk() throws IOException {
        History history = full();
        history.log.reconfigure(config(
                "internal.segment.bytes",
                segmentBytes,
                "retention.bytes",
                "" + 15 * valueBytes(),
                "file.delete.delay.ms",
                "0"));
        history.log.hurry(true);
        long size = history.log.sizeInBytes();
        if (removesWithoutRoom()) {
            history.maintain();
        } else {
            assertThatThrownBy(history::maintain).satisfies(e -> history.requireThatTheDiskIsFull((IOException) e));
            history.check();
            history.disk.empty();
            history.maintain();
        }
        assertThat(history.log.sizeInBytes()).isLessThan(size);
        history.check();
        history.background();
        assertThat(history.append("k"))
                .as("an append where old records made room")
                .isTrue();
        history.check();
        history.engine.engine().close();
    }

    @Test
    void shouldRaiseTheLogsStartOnAFullDisk() throws IOException {
        History history = full();
        history.log.hurry(true);
        if (removesWithoutRoom()) {
            history.log.advanceLogStart(30L);
        } else {
            assertThatThrownBy(() -> history.log.advanceLogStart(30L))
                    .satisfies(e -> history.requireThatTheDiskIsFull((IOException) e));
            history.check();
            history.disk.empty();
            history.log.advanceLogStart(30L);
        }
        assertThat(history.log.logStartOffset()).isEqualTo(30L);
        history.check();
        history.disk.killProcess();
        history.disk.empty();
        history.engine.crash();
        history.reopen();
        assertThat(history.log.logStartOffset()).isEqualTo(30L);
        history.engine.engine().close();
    }

    @Test
    void shouldDeleteAPartitionOnAFullDisk() throws IOException {
        History history = full();
        TopicIdPartition other = new TopicIdPartition(new Uuid(7L, 10L), "other", 0);
        history.disk.empty();
        history.engine.engine().open(other, config()).close();
        history.disk.leave(0L);
        if (!removesWithoutRoom()) {
            assertThatThrownBy(() -> history.engine.engine().delete(other))
                    .satisfies(e -> history.requireThatTheDiskIsFull((IOException) e));
            history.disk.empty();
        }
        history.engine.engine().delete(other);
        assertThat(history.engine.engine().stored()).doesNotContain(other);
        history.check();
        resume(history);
        history.engine.engine().close();
    }
}
