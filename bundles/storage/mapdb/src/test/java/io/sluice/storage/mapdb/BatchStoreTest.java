package io.sluice.storage.mapdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.storage.kit.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BatchStoreTest {
    private static final int NO_ROOM_STEPS = 40;

    @TempDir
    Path real;

    private FaultyDisk disk;
    private Path file;

    @BeforeEach
    void disk() {
        disk = new FaultyDisk(real);
        file = disk.root().resolve("store-1");
    }

    @Test
    void shouldNotTakeADiskWithoutRoomForDamage() throws IOException {
        int refused = 0;
        for (int step = 0; step < NO_ROOM_STEPS; step++) {
            disk.leave(step * 64L * 1024L);
            try {
                BatchStore.open(file).close();
            } catch (IOException e) {
                assertThat(e).isNotInstanceOf(DamagedStoreException.class).hasStackTraceContaining("No space left");
                refused++;
            }
            disk.empty();
        }
        assertThat(refused).isBetween(1, NO_ROOM_STEPS - 1);
        BatchStore store = BatchStore.open(file);
        assertThat(store.partitions()).isEmpty();
        store.setApplied(3L);
        store.commit();
        store.close();
        assertThat(BatchStore.open(file).applied()).isEqualTo(3L);
    }

    @Test
    void shouldNameAFileDamagedThatIsNoStore() throws IOException {
        Files.write(file, new byte[1 << 20]);
        assertThatThrownBy(() -> BatchStore.open(file)).isInstanceOf(DamagedStoreException.class);
    }

    @Test
    void shouldNameAFileDamagedThatEndsEarly() throws IOException {
        BatchStore store = BatchStore.open(file);
        store.setApplied(3L);
        store.commit();
        store.close();
        byte[] whole = Files.readAllBytes(file);
        byte[] half = Arrays.copyOf(whole, 4096);
        Files.delete(file);
        Files.write(file, half);
        assertThatThrownBy(() -> BatchStore.open(file).applied()).isInstanceOf(DamagedStoreException.class);
    }
}
