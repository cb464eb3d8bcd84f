package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.AppendOutcome;
import io.sluice.replication.kit.DelayedReplication;
import io.sluice.storage.memory.MemoryEngineFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients' records are refused before the disk is full, internal ones are not, and it ends by itself. */
final class DiskSpaceTest {
    private static final long GIB = 1L << 30;

    @TempDir
    Path data;

    private final SlowDisk disk = new SlowDisk(new MemoryEngineFactory(64L << 20));
    private KernelFixture fixture;
    private Partition partition;

    @BeforeEach
    void begin() {
        DelayedReplication replication = new DelayedReplication();
        replication.immediate(true);
        fixture = new KernelFixture(data);
        disk.directory = data.resolve("logs/orders-0");
        fixture.offerEngine(disk);
        fixture.offerReplication(replication);
        partition = fixture.lead("orders");
    }

    private AppendOutcome append(Partition to) {
        return fixture.append(to, 1, "v").outcome(0);
    }

    private void usable(long bytes) {
        fixture.disk = new DiskSpace.Bytes(1L << 40, bytes);
    }

    @Test
    void shouldRefuseClientsBelowTheReserveAndResumeByItself() {
        assertThat(append(partition).error()).isEqualTo(ErrorCode.NONE);
        usable(GIB - 1);
        useUpTheAllowance();

        AppendOutcome refused = append(partition);
        assertThat(refused.error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(refused.message()).contains("storage.reserve.bytes");
        assertThat(partition.status().state()).isEqualTo("ReadOnly");
        long end = partition.status().logEndOffset();
        assertThat(fixture.values(partition, 0)).contains("v");

        fixture.clock.pass(1_000);
        assertThat(disk.hurried).isTrue();
        usable(2 * GIB);
        fixture.clock.pass(2_000);
        assertThat(append(partition).baseOffset()).isEqualTo(end);
        assertThat(partition.status().state()).isEqualTo("Online");
        assertThat(disk.hurried).isFalse();
    }

    /** Half of what is left of a nearly full disk is written without asking again. */
    private void useUpTheAllowance() {
        LogVolume volume = fixture.diskSpace().of(disk.directory);
        for (int i = 0; i < 3 && volume.full() == null; i++) {
            volume.refusalOf(200 << 20);
        }
    }

    @Test
    void shouldTakeInternalRecordsFromTheReserve() {
        usable(GIB - 1);
        Partition offsets = fixture.lead("__consumer_offsets");

        assertThat(append(offsets).error()).isEqualTo(ErrorCode.NONE);
        assertThat(append(partition).error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(offsets.status().state()).isEqualTo("Online");
    }

    @Test
    void shouldHoldBackNoMoreThanATwentiethOfASmallDisk() {
        fixture.disk = new DiskSpace.Bytes(1_000_000L, 51_000L);
        assertThat(append(partition).error()).isEqualTo(ErrorCode.NONE);
        fixture.disk = new DiskSpace.Bytes(1_000_000L, 49_000L);
        useUpTheAllowance();
        assertThat(append(partition).error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    }

    @Test
    void shouldKeepTheLogsOfADirectoryBelowTheirLimit() {
        fixture.settings.put("log.dir.max.bytes", 2_000L);
        int taken = 0;
        while (append(partition).error() == ErrorCode.NONE) {
            taken++;
            assertThat(taken).isLessThan(1_000);
        }
        assertThat(taken).isPositive();
        assertThat(partition.status().sizeInBytes()).isBetween(1_500L, 2_000L);
        assertThat(append(partition).message()).contains("log.dir.max.bytes");
    }
}
