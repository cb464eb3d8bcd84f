package io.sluice.storage.mapdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.storage.kit.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapdb.DBException;

final class AtomicVolumeTest {
    private static final int SIZE = 256 * 1024;
    private static final int CRASHES = 60;

    @TempDir
    Path real;

    private byte[] committed = new byte[SIZE];
    private byte[] written = new byte[SIZE];

    /** The disk ends within each commit sooner or later: before, within and after what decides it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldHaveEachCommitWholeOrNotAtAllAfterACrash(long seed) throws IOException {
        Random random = new Random(seed);
        FaultyDisk disk = new FaultyDisk(real);
        int taken = 0;
        int lost = 0;
        for (int crash = 0; crash < CRASHES; crash++) {
            AtomicVolume volume = AtomicVolume.open(disk.root().resolve("store-1"));
            volume.isWhole();
            volume.ensureAvailable(SIZE);
            byte[] found = read(volume);
            boolean decided = Arrays.equals(found, written);
            taken += decided ? 1 : 0;
            lost += decided ? 0 : 1;
            assertThat(decided || Arrays.equals(found, committed))
                    .as("whole after crash %s", crash)
                    .isTrue();
            committed = found.clone();
            written = found.clone();
            for (int commits = random.nextInt(3); commits > 0; commits--) {
                change(volume, random);
                volume.sync();
                committed = written.clone();
            }
            change(volume, random);
            disk.endAfter(random.nextInt(400_000));
            try {
                volume.sync();
                committed = written.clone();
            } catch (DBException e) {
                assertThatThrownBy(() -> volume.putLong(0L, 1L)).isInstanceOf(DBException.class);
            }
            volume.close();
            disk.empty();
            if (random.nextBoolean()) {
                disk.crash(random, random.nextBoolean());
            } else {
                disk.killProcess();
            }
        }
        assertThat(taken).isPositive();
        assertThat(lost).isPositive();
    }

    private void change(AtomicVolume volume, Random random) {
        for (int i = random.nextInt(40); i >= 0; i--) {
            int at = random.nextInt(SIZE - 10_000);
            byte[] bytes = new byte[1 + random.nextInt(9_000)];
            if (random.nextInt(5) == 0) {
                volume.clear(at, at + bytes.length);
            } else {
                random.nextBytes(bytes);
                volume.putData(at, bytes, 0, bytes.length);
            }
            System.arraycopy(bytes, 0, written, at, bytes.length);
        }
        assertThat(Arrays.equals(read(volume), written)).as("what is read").isTrue();
    }

    private static byte[] read(AtomicVolume volume) {
        byte[] all = new byte[SIZE];
        volume.getData(0L, all, 0, SIZE);
        return all;
    }

    @Test
    void shouldForgetWhatWasNotCommitted() throws IOException {
        AtomicVolume volume = AtomicVolume.open(real.resolve("store-1"));
        assertThat(volume.hasStore()).isFalse();
        volume.isWhole();
        volume.putLong(8L, 1L);
        volume.sync();
        volume.putLong(8L, 2L);
        assertThat(volume.getLong(8L)).isEqualTo(2L);
        volume.close();
        AtomicVolume again = AtomicVolume.open(real.resolve("store-1"));
        assertThat(again.hasStore()).isTrue();
        assertThat(again.getLong(8L)).isEqualTo(1L);
        assertThatThrownBy(() -> again.getLong(again.length())).isInstanceOf(DBException.VolumeIOError.class);
        again.close();
    }

    /** Whatever the disk takes of a store that is being made, the next opening makes one or has one. */
    @Test
    void shouldMakeAStoreWholeOrNotAtAll() throws IOException {
        boolean made = false;
        for (int bytes = 0; !made; bytes += 3_000) {
            FaultyDisk disk = new FaultyDisk(Files.createDirectory(real.resolve("with-" + bytes)));
            Path file = disk.root().resolve("store-1");
            disk.endAfter(bytes);
            try {
                BatchStore.open(file).close();
                made = true;
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("MapDB store failed");
            }
            disk.empty();
            disk.killProcess();
            BatchStore again = BatchStore.open(file);
            assertThat(again.partitions()).isEmpty();
            again.close();
        }
    }
}
