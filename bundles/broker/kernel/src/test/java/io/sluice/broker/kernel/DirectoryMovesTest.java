package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.FutureReplica;
import io.sluice.replication.local.LocalReplicationFactory;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.segment.SegmentEngineFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica moves between two directories of the segment engine, no faster than it may. */
class DirectoryMovesTest {
    private static final TopicPartition NAME = new TopicPartition("t", 0);
    private static final int RECORDS = 300;
    private static final int BYTES_PER_SECOND = 40_000;

    @TempDir
    Path data;

    private KernelFixture kernel;
    private DirectoryMoves moves;
    private Partition partition;
    private Path other;
    private long limit = Long.MAX_VALUE;

    @BeforeEach
    void begin() throws IOException {
        Path one = Files.createDirectory(data.resolve("one"));
        Path two = Files.createDirectory(data.resolve("two"));
        kernel = new KernelFixture(data);
        kernel.offerReplication(new LocalReplicationFactory());
        kernel.engines.offer(
                "segment",
                new PartRole.Candidate<>(
                        context -> new SegmentEngineFactory()
                                .open(new StorageContext(
                                        List.of(one, two),
                                        context.engineDirectory(),
                                        context.nodeId(),
                                        context.clusterId(),
                                        context.time(),
                                        context.scheduler(),
                                        context.handedOver())),
                        "segment",
                        0,
                        "segment",
                        "1.0.0"));
        moves = new DirectoryMoves(
                kernel.table, kernel.engines, name -> true, kernel.clock, kernel.clock, Sabotage.of(null), () -> limit);
        partition = new Partition(
                new TopicIdPartition(KernelFixture.TOPIC_ID, NAME),
                "segment",
                LogConfig.DEFAULTS,
                KernelFixture.state(3),
                true,
                kernel);
        kernel.table.add(partition);
        kernel.engines.host("segment").add(partition);
        kernel.clock.run();
        for (int i = 0; i < RECORDS; i++) {
            kernel.append(partition, 1, "v".repeat(1_000));
        }
        other = place().startsWith(one) ? two : one;
    }

    @AfterEach
    void end() {
        moves.stop();
        kernel.engines.all().forEach(host -> host.role().shutdown());
    }

    private Path place() {
        Path directory = partition.status().directory();
        assertThat(directory).isNotNull();
        return directory;
    }

    private long copied() {
        List<FutureReplica> moving = moves.moving();
        assertThat(moving).hasSize(1);
        return moving.get(0).sizeInBytes();
    }

    @Test
    void shouldMoveAtOnceWithoutALimit() {
        assertThat(moves.move(NAME, other)).isEqualTo(ErrorCode.NONE);
        kernel.clock.run();
        assertThat(moves.moving()).isEmpty();
        assertThat(place()).startsWith(other);
        assertThat(kernel.values(partition, RECORDS - 1L)).hasSize(1);
    }

    @Test
    void shouldCopyNoMoreThanTheLimitAsItStands() {
        limit = BYTES_PER_SECOND;
        assertThat(moves.move(NAME, other)).isEqualTo(ErrorCode.NONE);
        kernel.clock.pass(2_000);
        assertThat(copied()).isBetween((long) BYTES_PER_SECOND, 3L * BYTES_PER_SECOND);

        limit = 0L;
        kernel.clock.pass(100);
        long halted = copied();
        kernel.clock.pass(60_000);
        assertThat(copied()).isEqualTo(halted);

        limit = Long.MAX_VALUE;
        kernel.clock.pass(100);
        assertThat(moves.moving()).isEmpty();
        assertThat(place()).startsWith(other);
        assertThat(partition.status().logEndOffset()).isEqualTo(RECORDS);
    }

    @Test
    void shouldBeginHalted() {
        limit = 0L;
        assertThat(moves.move(NAME, other)).isEqualTo(ErrorCode.NONE);
        kernel.clock.pass(1_000);
        assertThat(copied()).isZero();
        assertThat(place().startsWith(other)).isFalse();
    }
}
