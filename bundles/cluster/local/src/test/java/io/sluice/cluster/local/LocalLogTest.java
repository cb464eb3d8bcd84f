package io.sluice.cluster.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.sluice.cluster.api.ConsensusLog;
import io.sluice.cluster.api.NotControllerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLogTest {
    private static final int NODE = 4;

    @TempDir
    private Path temporary;

    private Path directory;
    private final ManualScheduler scheduler = new ManualScheduler();
    private RecordingListener listener = new RecordingListener();

    @BeforeEach
    void nameDirectory() {
        directory = temporary.resolve("metadata");
    }

    private ConsensusLog open() throws IOException {
        listener = new RecordingListener();
        ConsensusLog log = new LocalLogFactory().open(directory, NODE, scheduler);
        log.start(listener);
        return log;
    }

    private CompletableFuture<Long> append(ConsensusLog log, String... records) {
        return log.append(listener.epoch, RecordingListener.bytes(List.of(records)));
    }

    private void appendAndCommit(ConsensusLog log, String... records) {
        CompletableFuture<Long> committed = append(log, records);
        scheduler.runAll();
        assertThat(committed).isCompleted();
    }

    private List<Path> logs() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return new ArrayList<>(files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList());
        }
    }

    @Test
    void shouldLeadAtOnceInEmptyDirectory() throws IOException {
        try (ConsensusLog log = open()) {
            assertThat(log).isNotNull();
            assertThat(listener.batches).isEmpty();
            assertThat(listener.epoch).isEqualTo(1);
            assertThat(listener.leader).isEqualTo(NODE);
        }
    }

    @Test
    void shouldCommitBatchesInOrderWithTheirOffsets() throws IOException {
        try (ConsensusLog log = open()) {
            CompletableFuture<Long> first = append(log, "a", "b");
            CompletableFuture<Long> second = append(log, "c");
            assertThat(first).isNotDone();
            scheduler.runAll();

            assertThat(first).isCompletedWithValue(1L);
            assertThat(second).isCompletedWithValue(2L);
            assertThat(listener.batches).containsExactly(List.of("a", "b"), List.of("c"));
            assertThat(listener.firstOffsets).containsExactly(0L, 2L);
        }
    }

    @Test
    void shouldDeliverEverythingAgainAfterReopening() throws IOException {
        try (ConsensusLog log = open()) {
            appendAndCommit(log, "a", "");
            appendAndCommit(log, "c");
        }
        try (ConsensusLog log = open()) {
            appendAndCommit(log, "d");
        }
        try (ConsensusLog log = open()) {
            assertThat(log).isNotNull();
            assertThat(listener.batches).containsExactly(List.of("a", ""), List.of("c"), List.of("d"));
            assertThat(listener.firstOffsets).containsExactly(0L, 2L, 3L);
            assertThat(listener.epochs).containsExactly(1, 1, 2);
        }
    }

    @Test
    void shouldRaiseTheEpochAtEveryOpening() throws IOException {
        List<Integer> epochs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            try (ConsensusLog log = open()) {
                epochs.add(listener.epoch);
                if (i == 2) {
                    appendAndCommit(log, "a");
                    Files.delete(directory.resolve("epoch"));
                }
            }
        }
        assertThat(epochs).containsExactly(1, 2, 3, 4);
    }

    @Test
    void shouldRefuseAppendsOfAnotherEpoch() throws IOException {
        try (ConsensusLog log = open()) {
            CompletableFuture<Long> refused = log.append(7, RecordingListener.bytes(List.of("a")));

            assertThatThrownBy(refused::get).hasRootCauseInstanceOf(NotControllerException.class);
        }
    }

    @Test
    void shouldWriteAllThatWaitsAtOnce() throws IOException {
        try (ConsensusLog log = open()) {
            List<CompletableFuture<Long>> waiting = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                waiting.add(append(log, "record-" + i));
            }
            scheduler.runAll();
            assertThat(waiting).allSatisfy(future -> assertThat(future).isCompleted());
        }
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(logs().get(0)));
        assertThat(file.getInt(0) + 8).isEqualTo(file.limit());
    }

    @Test
    void shouldCutTornLastFrame() throws IOException {
        try (ConsensusLog log = open()) {
            appendAndCommit(log, "a");
            appendAndCommit(log, "b");
        }
        Path file = logs().get(0);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 1);
        }
        try (ConsensusLog log = open()) {
            assertThat(listener.batches).containsExactly(List.of("a"));
            appendAndCommit(log, "c");
        }
        try (ConsensusLog log = open()) {
            assertThat(log).isNotNull();
            assertThat(listener.batches).containsExactly(List.of("a"), List.of("c"));
            assertThat(listener.firstOffsets).containsExactly(0L, 1L);
        }
    }

    @Test
    void shouldCutLargeTornTailQuickly() throws IOException {
        byte[] garbage = new byte[20 << 20];
        new Random(1).nextBytes(garbage);
        Files.createDirectories(directory);
        Files.write(directory.resolve("00000000000000000000.log"), garbage);

        assertTimeout(Duration.ofSeconds(20), () -> {
            try (ConsensusLog log = open()) {
                assertThat(log).isNotNull();
                assertThat(listener.batches).isEmpty();
            }
        });
    }

    @Test
    void shouldRefuseDamageBeforeTheLastFrame() throws IOException {
        try (ConsensusLog log = open()) {
            appendAndCommit(log, "aaaa");
            appendAndCommit(log, "bbbb");
        }
        Path file = logs().get(0);
        byte[] bytes = Files.readAllBytes(file);
        for (int at = 0; at < bytes.length / 2; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 0x40;
            Files.write(file, damaged);

            assertThatThrownBy(this::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("damaged")
                    .hasMessageContaining("restore");
        }
    }

    @Test
    void shouldRefuseMissingFile() throws IOException {
        try (ConsensusLog log = open()) {
            appendAndCommit(log, "a");
        }
        Path file = logs().get(0);
        Files.move(file, file.resolveSibling("00000000000000000005.log"));
        byte[] bytes = Files.readAllBytes(file.resolveSibling("00000000000000000005.log"));
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        frame.putLong(8, 5L);
        frame.putInt(4, io.sluice.base.Crc32c.of(bytes, 8, bytes.length - 8));
        Files.write(file.resolveSibling("00000000000000000005.log"), bytes);

        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("offset 0 is due, not 5");
    }

    @Test
    void shouldBeginFromSnapshotAndKeepOnlyWhatFollowsIt() throws IOException {
        try (ConsensusLog log = open()) {
            appendAndCommit(log, "a", "b");
            appendAndCommit(log, "c");
            log.writeSnapshot(2, listener.epoch, RecordingListener.bytes(List.of("abc")));
            assertThat(logs()).isEmpty();
            appendAndCommit(log, "d");
            assertThat(logs())
                    .extracting(file -> file.getFileName().toString())
                    .containsExactly("00000000000000000003.log");
        }
        try (ConsensusLog log = open()) {
            assertThat(listener.snapshot).containsExactly("abc");
            assertThat(listener.snapshotOffset).isEqualTo(2);
            assertThat(listener.batches).containsExactly(List.of("d"));
            assertThat(listener.firstOffsets).containsExactly(3L);
            log.writeSnapshot(3, listener.epoch, RecordingListener.bytes(List.of("abcd")));
        }
        try (ConsensusLog log = open()) {
            assertThat(log).isNotNull();
            assertThat(listener.snapshot).containsExactly("abcd");
            assertThat(listener.batches).isEmpty();
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(file -> file.toString().endsWith(".checkpoint")))
                    .hasSize(1);
        }
    }

    @Test
    void shouldKeepBatchesThatCameAfterTheSnapshotsOffset() throws IOException {
        try (ConsensusLog log = open()) {
            appendAndCommit(log, "a");
            appendAndCommit(log, "b");
            log.writeSnapshot(0, listener.epoch, RecordingListener.bytes(List.of("A")));
            appendAndCommit(log, "c");
        }
        try (ConsensusLog log = open()) {
            assertThat(log).isNotNull();
            assertThat(listener.snapshot).containsExactly("A");
            assertThat(listener.batches).containsExactly(List.of("b"), List.of("c"));
            assertThat(listener.firstOffsets).containsExactly(1L, 2L);
        }
    }

    @Test
    void shouldPassOverSnapshotThatWasNotFinished() throws IOException {
        try (ConsensusLog log = open()) {
            appendAndCommit(log, "a");
        }
        Path unfinished = directory.resolve("00000000000000000000-0000000001.checkpoint.tmp");
        Files.write(unfinished, new byte[] {1, 2, 3});
        try (ConsensusLog log = open()) {
            assertThat(log).isNotNull();
            assertThat(listener.snapshot).isEmpty();
            assertThat(listener.batches).containsExactly(List.of("a"));
        }
        assertThat(unfinished).doesNotExist();
    }

    @Test
    void shouldRefuseDamagedSnapshot() throws IOException {
        try (ConsensusLog log = open()) {
            appendAndCommit(log, "a");
            log.writeSnapshot(0, listener.epoch, RecordingListener.bytes(List.of("A")));
        }
        Path snapshot = directory.resolve("00000000000000000000-0000000001.checkpoint");
        byte[] bytes = Files.readAllBytes(snapshot);
        bytes[bytes.length - 1] ^= 1;
        Files.write(snapshot, bytes);

        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining(snapshot.toString());
    }

    @Test
    void shouldFailAllThatWaitsWhenClosed() throws IOException {
        ConsensusLog log = open();
        CompletableFuture<Long> waiting = append(log, "a");
        log.close();
        scheduler.runAll();

        assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(NotControllerException.class);
        assertThatThrownBy(() -> append(log, "b").get()).hasRootCauseInstanceOf(NotControllerException.class);
        try (ConsensusLog again = open()) {
            assertThat(again).isNotNull();
            assertThat(listener.batches).isEmpty();
        }
    }

    @Test
    void shouldFailAppendsAndGiveUpTheEpochWhenTheDiskIsFull() throws IOException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full));
        ConsensusLog log = open();
        appendAndCommit(log, "a");
        log.writeSnapshot(0, listener.epoch, RecordingListener.bytes(List.of("A")));
        Path next = directory.resolve("00000000000000000001.log");
        Files.createSymbolicLink(next, full);
        int epoch = listener.epoch;
        CompletableFuture<Long> failed = append(log, "b");
        scheduler.runAll();

        assertThatThrownBy(failed::get).hasRootCauseInstanceOf(IOException.class);
        assertThat(listener.epoch).isGreaterThan(epoch);
        assertThat(listener.batches).containsExactly(List.of("a"));
        assertThatThrownBy(() ->
                        log.append(epoch, RecordingListener.bytes(List.of("b"))).get())
                .hasRootCauseInstanceOf(NotControllerException.class);
        log.close();
        Files.delete(next);
        try (ConsensusLog again = open()) {
            appendAndCommit(again, "c");
            assertThat(listener.firstOffsets).containsExactly(1L);
        }
    }
}
