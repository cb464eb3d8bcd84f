package io.sluice.cluster.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.api.ConsensusLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** A crash at any byte leaves whole batches, from the first on, and all that were acknowledged. */
class LocalLogPropertiesTest {
    private Path directory = Path.of("unset");

    @BeforeTry
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("metadata");
    }

    @AfterTry
    void removeDirectory() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Batches of which those of one inner list are appended before the log writes. */
    @Provide
    Arbitrary<List<List<List<String>>>> groups() {
        Arbitrary<String> record = Arbitraries.strings().alpha().ofMaxLength(40);
        Arbitrary<List<String>> batch = record.list().ofMinSize(1).ofMaxSize(4);
        return batch.list().ofMinSize(1).ofMaxSize(4).list().ofMinSize(1).ofMaxSize(6);
    }

    @Property(tries = 80)
    void shouldSurviveCrashAtAnyByte(
            @ForAll("groups") List<List<List<String>>> groups, @ForAll long seed, @ForAll boolean garbage)
            throws IOException {
        List<List<String>> all = new ArrayList<>();
        List<Long> sizeAtAcknowledgement = new ArrayList<>();
        Path file = write(groups, all, sizeAtAcknowledgement);
        byte[] bytes = Files.readAllBytes(file);
        Random random = new Random(seed);
        int crash = random.nextInt(bytes.length + 1);
        Files.write(file, crashed(bytes, crash, sizeAtAcknowledgement, garbage, random));

        RecordingListener after = new RecordingListener();
        ManualScheduler scheduler = new ManualScheduler();
        try (ConsensusLog log = LocalLog.open(directory, 1, scheduler)) {
            log.start(after);
            long acknowledged =
                    sizeAtAcknowledgement.stream().filter(size -> size <= crash).count();
            assertThat(after.batches).hasSizeGreaterThanOrEqualTo((int) acknowledged);
            assertThat(after.batches).isEqualTo(all.subList(0, after.batches.size()));
            log.append(after.epoch, RecordingListener.bytes(List.of("next")));
            scheduler.runAll();
        }
        List<List<String>> expected = new ArrayList<>(after.batches);
        RecordingListener again = new RecordingListener();
        try (ConsensusLog log = LocalLog.open(directory, 1, scheduler)) {
            log.start(again);
            assertThat(again.batches).isEqualTo(expected);
            assertThat(again.batches.get(again.batches.size() - 1)).containsExactly("next");
            assertThat(again.epoch).isGreaterThan(after.epoch);
        }
    }

    private Path write(List<List<List<String>>> groups, List<List<String>> all, List<Long> sizes) throws IOException {
        ManualScheduler scheduler = new ManualScheduler();
        RecordingListener listener = new RecordingListener();
        Path file = directory.resolve("00000000000000000000.log");
        try (ConsensusLog log = LocalLog.open(directory, 1, scheduler)) {
            log.start(listener);
            for (List<List<String>> group : groups) {
                group.forEach(batch -> log.append(listener.epoch, RecordingListener.bytes(batch)));
                scheduler.runAll();
                all.addAll(group);
                long size = Files.size(file);
                group.forEach(batch -> sizes.add(size));
            }
        }
        assertThat(listener.batches).isEqualTo(all);
        return file;
    }

    /** The file up to the crash; then nothing, or what a disk leaves of a frame of which only parts were written. */
    private static byte[] crashed(byte[] bytes, int crash, List<Long> sizes, boolean garbage, Random random) {
        if (!garbage) {
            return Arrays.copyOf(bytes, crash);
        }
        int end = sizes.stream()
                .filter(size -> size > crash)
                .findFirst()
                .map(Long::intValue)
                .orElse(bytes.length);
        byte[] torn = Arrays.copyOf(bytes, end);
        for (int i = crash; i < end; i++) {
            torn[i] = random.nextBoolean() ? 0 : (byte) random.nextInt();
        }
        return torn;
    }

    @Property(tries = 200)
    void shouldOpenOrRefuseArbitraryFilesWithOneSentence(
            @ForAll byte[] log, @ForAll byte[] snapshot, @ForAll boolean withSnapshot) throws IOException {
        Files.write(directory.resolve("00000000000000000000.log"), log);
        if (withSnapshot) {
            Files.write(directory.resolve("00000000000000000007-0000000001.checkpoint"), snapshot);
        }
        RecordingListener listener = new RecordingListener();
        try (ConsensusLog opened = LocalLog.open(directory, 1, new ManualScheduler())) {
            opened.start(listener);
            assertThat(withSnapshot).isFalse();
            assertThat(listener.batches).isEmpty();
        } catch (DamagedLogException e) {
            assertThat(e).hasMessageContaining("restore the file from a backup");
        }
    }

    @Property(tries = 40)
    void shouldBeTheSameWithSnapshotsAsWithout(@ForAll("groups") List<List<List<String>>> groups, @ForAll long seed)
            throws IOException {
        Random random = new Random(seed);
        ManualScheduler scheduler = new ManualScheduler();
        List<String> all = new ArrayList<>();
        for (List<List<String>> group : groups) {
            RecordingListener listener = new RecordingListener();
            try (ConsensusLog log = LocalLog.open(directory, 1, scheduler)) {
                log.start(listener);
                for (List<String> batch : group) {
                    log.append(listener.epoch, RecordingListener.bytes(batch));
                    scheduler.runAll();
                    all.addAll(batch);
                    if (random.nextInt(3) == 0) {
                        log.writeSnapshot(all.size() - 1, listener.epoch, RecordingListener.bytes(all));
                    }
                }
            }
        }
        RecordingListener after = new RecordingListener();
        try (ConsensusLog log = LocalLog.open(directory, 1, scheduler)) {
            log.start(after);
        }
        List<String> recovered = new ArrayList<>(after.snapshot);
        after.batches.forEach(recovered::addAll);
        assertThat(recovered).isEqualTo(all);
    }
}
