package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.LogConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogOpeningsTest {
    @TempDir
    Path data;

    private final KernelScheduler scheduler = new KernelScheduler("openings-test", 6);
    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final Set<TopicIdPartition> opened = ConcurrentHashMap.newKeySet();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);
    private KernelFixture fixture;
    private LogOpenings openings;

    @BeforeEach
    void make() {
        fixture = new KernelFixture(data);
        openings = new LogOpenings("segment", scheduler, Time.SYSTEM, () -> 3, this::open, said::add);
    }

    @AfterEach
    void close() {
        gate.countDown();
        scheduler.close();
    }

    private long open(Partition partition) {
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        Uninterruptibly.await(gate, 30_000L);
        opened.add(partition.id());
        inside.decrementAndGet();
        return 1_000_000L;
    }

    private List<Partition> partitions(int count) {
        List<Partition> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TopicIdPartition id = new TopicIdPartition(new Uuid(1L, 1L), "logs", i);
            made.add(new Partition(id, "segment", LogConfig.DEFAULTS, KernelFixture.state(3), true, fixture));
        }
        return made;
    }

    @Test
    void shouldOpenAsManyAtATimeAsThereMayBeAndSayHowFarItIs() {
        List<Partition> partitions = partitions(40);
        partitions.forEach(openings::add);
        await().until(() -> inside.get() == 3);
        await().until(() -> !said.isEmpty());
        assertThat(said.peek()).contains("engine segment: 0 of 40 done");
        gate.countDown();
        await().until(() -> opened.size() == 40);
        assertThat(most.get()).isEqualTo(3);
    }

    @Test
    void shouldReturnWhenAllAreOpen() {
        gate.countDown();
        openings.run(partitions(40));
        assertThat(opened).hasSize(40);
    }

    @Test
    void shouldOpenAgainWhatCameAgainMeanwhile() {
        AtomicInteger calls = new AtomicInteger();
        LogOpenings twice = new LogOpenings(
                "segment",
                scheduler,
                Time.SYSTEM,
                () -> 1,
                partition -> {
                    calls.incrementAndGet();
                    return open(partition);
                },
                said::add);
        Partition one = partitions(1).get(0);
        twice.add(one);
        await().until(() -> inside.get() == 1);
        twice.add(one);
        gate.countDown();
        await().until(() -> calls.get() == 2);
        assertThat(most.get()).isEqualTo(1);
    }
}
