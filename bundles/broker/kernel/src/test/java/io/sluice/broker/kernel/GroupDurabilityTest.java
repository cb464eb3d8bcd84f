package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.AppendTicket;
import io.sluice.replication.kit.DelayedReplication;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.memory.MemoryEngineFactory;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is acknowledged and read under {@code durability=group} is what an fsync has covered. */
final class GroupDurabilityTest {
    private static final LogConfig GROUP = LogConfig.from(Map.of("durability", "group"));

    @TempDir
    Path data;

    private final SlowDisk disk = new SlowDisk(new MemoryEngineFactory(64L << 20));
    private final DelayedReplication replication = new DelayedReplication();
    private KernelFixture fixture;
    private Partition partition;

    @BeforeEach
    void begin() {
        replication.immediate(true);
        fixture = new KernelFixture(data);
        fixture.offerEngine(disk);
        fixture.offerReplication(replication);
        partition = fixture.lead("orders", GROUP);
    }

    @Test
    void shouldAcknowledgeAndShowRecordsOnlyOnceTheyAreSynced() {
        AppendTicket all = fixture.append(partition, -1, "a");
        AppendTicket one = fixture.append(partition, 1, "b");
        AppendTicket none = fixture.append(partition, 0, "c");

        assertThat(none.isComplete()).isTrue();
        assertThat(all.isComplete()).isFalse();
        assertThat(one.isComplete()).isFalse();
        assertThat(partition.highWatermark()).isZero();
        assertThat(fixture.values(partition, 0)).isEmpty();

        fixture.clock.run();

        assertThat(all.outcome(0).error()).isEqualTo(ErrorCode.NONE);
        assertThat(one.outcome(0).error()).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.values(partition, 0)).containsExactly("a", "b", "c");
    }

    @Test
    void shouldServeAllThatWaitWithOneSync() {
        for (int i = 0; i < 20; i++) {
            fixture.append(partition, -1, "v" + i);
        }
        fixture.clock.run();

        assertThat(partition.highWatermark()).isEqualTo(20);
        assertThat(disk.flushes).isEqualTo(1);
    }

    @Test
    void shouldGatherTheNextWhileASyncRuns() {
        AppendTicket[] late = new AppendTicket[2];
        fixture.append(partition, -1, "a");
        disk.duringFlush = () -> {
            disk.duringFlush = () -> {};
            late[0] = fixture.append(partition, -1, "b");
            late[1] = fixture.append(partition, 1, "c");
            assertThat(late[0].isComplete()).isFalse();
        };
        fixture.clock.run();

        assertThat(disk.flushes).isEqualTo(2);
        assertThat(late[0].isComplete()).isTrue();
        assertThat(late[1].isComplete()).isTrue();
        assertThat(partition.highWatermark()).isEqualTo(3);
    }

    @Test
    void shouldGoOfflineWhenASyncFailsAndNeverAcknowledge() {
        disk.broken = "Input/output error";
        AppendTicket all = fixture.append(partition, -1, "a");
        AppendTicket one = fixture.append(partition, 1, "b");
        fixture.clock.run();

        assertThat(all.outcome(0).error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(one.outcome(0).error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(partition.status().state()).isEqualTo("Offline");
        assertThat(partition.status().reason()).contains("Input/output error");
        assertThat(disk.flushes).isEqualTo(1);
        assertThat(fixture.append(partition, 1, "c").outcome(0).error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    }

    @Test
    void shouldRefuseWhatWaitsWhenASyncFindsNoRoomAndGoOnByItselfOnceThereIsSome() {
        disk.full = true;
        AppendTicket all = fixture.append(partition, -1, "a");
        AppendTicket one = fixture.append(partition, 1, "b");
        fixture.clock.run();

        assertThat(all.outcome(0).error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(one.outcome(0).error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(partition.status().state()).isEqualTo("Online");
        assertThat(fixture.values(partition, 0)).isEmpty();

        disk.full = false;
        fixture.clock.pass(1_000L);
        assertThat(fixture.values(partition, 0)).containsExactly("a", "b");
        AppendTicket next = fixture.append(partition, -1, "c");
        fixture.clock.run();
        assertThat(next.outcome(0).error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldFollowAChangeOfTheTopic() {
        fixture.append(partition, -1, "a");
        fixture.clock.run();
        partition.reconfigure(LogConfig.DEFAULTS);

        assertThat(fixture.append(partition, -1, "b").isComplete()).isTrue();
        assertThat(partition.highWatermark()).isEqualTo(2);

        partition.reconfigure(GROUP);
        AppendTicket waiting = fixture.append(partition, -1, "c");
        assertThat(waiting.isComplete()).isFalse();
        assertThat(partition.highWatermark()).isEqualTo(2);
        fixture.clock.run();
        assertThat(waiting.isComplete()).isTrue();
    }

    @Test
    void shouldMakeSafeWhatItFindsBeforeItIsRead() {
        fixture.append(partition, -1, "a");
        fixture.withdrawEngine();
        int before = disk.flushes;
        fixture.offerEngine(disk);

        assertThat(disk.flushes).isGreaterThan(before);
        replication.commitAll();
        assertThat(fixture.values(partition, 0)).containsExactly("a");
        assertThat(partition.highWatermark()).isEqualTo(1);
    }
}
