package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.replication.kit.DelayedReplication;
import io.sluice.request.api.Wakeup;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers are woken by the event that they wait for, once. */
class FetchWaitersTest {
    private final DelayedReplication replication = new DelayedReplication();
    private final AtomicInteger woken = new AtomicInteger();
    private KernelFixture kernel;
    private Partition partition;

    @BeforeEach
    void begin(@TempDir Path data) {
        replication.immediate(true);
        kernel = KernelFixture.whole(data, replication);
        partition = kernel.lead("t");
    }

    private void watch(int minBytes, FetchPosition... positions) {
        kernel.table.watch(List.of(positions), minBytes, woken::incrementAndGet);
    }

    @Test
    void shouldWakeAReaderByTheAppendThatItWaitsFor() {
        watch(1, KernelFixture.position(partition, 0L));
        kernel.clock.run();
        assertThat(woken).hasValue(0);

        kernel.append(partition, 1, "a");
        kernel.append(partition, 1, "b");

        assertThat(woken).hasValue(1);
    }

    @Test
    void shouldWakeAReaderByTheCommitAndNotByTheAppend() {
        replication.immediate(false);
        watch(1, KernelFixture.position(partition, 0L));
        kernel.append(partition, 1, "a");
        assertThat(woken).hasValue(0);

        replication.commitAll();
        kernel.append(partition, 1, "b");

        assertThat(woken).hasValue(1);
    }

    @Test
    void shouldWaitForAsManyBytesAsWereAskedFor() {
        int batch = kernel.fetch(commit("a"), 0L).records().sizeInBytes();
        watch(2 * batch, KernelFixture.position(partition, 1L));

        kernel.append(partition, 1, "b");
        assertThat(woken).hasValue(0);

        kernel.append(partition, 1, "c");
        assertThat(woken).hasValue(1);
    }

    /** A read gives whole batches only: what was asked for may end in the middle of one. */
    @Test
    void shouldWakeAReaderThoughItsBytesEndWithinABatch() {
        int batch = kernel.fetch(commit("a"), 0L).records().sizeInBytes();
        watch(batch + batch / 2, KernelFixture.position(partition, 1L));

        kernel.append(partition, 1, "b");
        assertThat(woken).hasValue(0);

        kernel.append(partition, 1, "c");
        assertThat(woken).hasValue(1);
    }

    @Test
    void shouldCountFromWhatTheReaderHasSeen() {
        FetchOutcome seen = kernel.fetch(commit("a"), 0L);
        int batch = seen.records().sizeInBytes();
        List<FetchPosition> positions = List.of(KernelFixture.position(partition, 0L));
        kernel.table.watch(positions, List.of(seen), batch + 1, woken::incrementAndGet);
        kernel.clock.run();
        kernel.append(partition, 1, "b");
        assertThat(woken).hasValue(0);
        kernel.append(partition, 1, "c");
        assertThat(woken).hasValue(1);

        kernel.table.watch(positions, List.of(seen), 1_000_000, woken::incrementAndGet);
        kernel.clock.run();
        assertThat(woken).as("there is more already than was seen").hasValue(2);
    }

    private Partition commit(String value) {
        kernel.append(partition, 1, value);
        return partition;
    }

    @Test
    void shouldCountTheBytesOfAllPartitionsTogether() {
        Partition other = kernel.add(new TopicIdPartition(new Uuid(9L, 9L), new TopicPartition("u", 0)), true);
        int batch = kernel.fetch(commit("a"), 0L).records().sizeInBytes();
        watch(2 * batch, KernelFixture.position(partition, 1L), KernelFixture.position(other, 0L));

        kernel.append(other, 1, "b");
        assertThat(woken).hasValue(0);

        kernel.append(partition, 1, "c");
        assertThat(woken).hasValue(1);
    }

    /** A reader that finds enough at once goes on later, or it would nest without an end. */
    @Test
    void shouldWakeAReaderLaterWhenThereIsEnoughAlready() {
        kernel.append(partition, 1, "a");

        watch(1, KernelFixture.position(partition, 0L));
        assertThat(woken).hasValue(0);

        kernel.clock.run();
        assertThat(woken).hasValue(1);
    }

    @Test
    void shouldWakeAReaderOfAPartitionThatIsNotHere() {
        TopicIdPartition unknown = new TopicIdPartition(Uuid.ZERO, new TopicPartition("nowhere", 0));

        watch(1, new FetchPosition(unknown, 0L, -1, -1, false));
        kernel.clock.run();

        assertThat(woken).hasValue(1);
    }

    @Test
    void shouldWakeReadersWhenTheTopicIsDeletedOrAnotherLeads() {
        watch(1, KernelFixture.position(partition, 0L));
        partition.updateLeadership(KernelFixture.state(4), false);
        assertThat(woken).hasValue(1);

        watch(1, KernelFixture.position(partition, 0L));
        partition.leave();
        assertThat(woken).hasValue(2);
    }

    @Test
    void shouldLetReadersWaitThroughAnUpdateOfTheEngine() {
        watch(1, KernelFixture.position(partition, 0L));
        kernel.withdrawEngine();
        assertThat(woken).hasValue(0);

        kernel.offerEngine();

        assertThat(woken.get()).as("they look again once it is back").isEqualTo(1);
    }

    @Test
    void shouldForgetReadersWhoseTimeIsOver() {
        FetchWaiters waiters = new FetchWaiters();
        AtomicInteger fired = new AtomicInteger();
        Wakeup wakeup = fired::incrementAndGet;
        FetchWaiter over = new FetchWaiter(List.of(), 1, wakeup);
        over.fire();
        for (int i = 0; i < 1_000; i++) {
            waiters.add(over);
        }
        waiters.add(new FetchWaiter(List.of(), 1, wakeup));

        assertThat(waiters.size()).isLessThan(64);
        waiters.fireAll();
        assertThat(fired).hasValue(2);
        assertThat(waiters.size()).isZero();
    }
}
