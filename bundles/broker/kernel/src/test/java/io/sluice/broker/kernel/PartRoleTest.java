package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.RandomSource;
import io.sluice.base.Time;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who holds a role while candidates come and go. A factory here is a name, and what it opens is the same name. */
class PartRoleTest {
    private final Simulation clock = new Simulation();
    private final Recorded events = new Recorded();
    private final PartRole<String, String> role = role("", events);

    private PartRole<String, String> role(String sabotage, Recorded recorded) {
        return new PartRole<>(
                "engine", "segment", new RoleContext(clock.atOnce(), clock, Sabotage.of(sabotage)), recorded);
    }

    private static PartRole.Candidate<String> candidate(String name, int ranking) {
        return new PartRole.Candidate<>(name, name, ranking, "bundle." + name, "1.0.0");
    }

    private PartRole.Lease<String> lease() {
        return Objects.requireNonNull(role.acquire());
    }

    @Test
    void shouldLendNothingBeforeACandidateComes() {
        assertThat(role.acquire()).isNull();
        assertThat(role.isOpen()).isFalse();
        assertThat(role.isVacant()).isTrue();
        assertThat(role.standing().state()).isEqualTo(PartState.ABSENT);
    }

    @Test
    void shouldLendWhatACandidateOpened() {
        role.offer(candidate("a", 0));

        assertThat(lease().part()).isEqualTo("a");
        assertThat(role.standing()).isEqualTo(new PartRole.Standing(PartState.OPEN, "", "bundle.a", "1.0.0"));
        assertThat(events.seen).containsExactly("open a", "opened a");
    }

    @Test
    void shouldKeepItsHolderWhenAHigherRankedCandidateComes() {
        role.offer(candidate("a", 0));
        role.offer(candidate("b", 10));

        assertThat(lease().part()).isEqualTo("a");
    }

    @Test
    void shouldOpenTheHighestRankedOfThoseThatAreLeft() {
        role.offer(candidate("a", 0));
        role.offer(candidate("low", 1));
        role.offer(candidate("high", 2));

        role.withdraw("a");

        assertThat(lease().part()).isEqualTo("high");
        assertThat(events.seen).endsWith("closing a", "close a", "open high", "opened high");
    }

    @Test
    void shouldReopenThePreviousProviderWhenTheNextDoesNotOpen() {
        role.offer(candidate("a", 0));
        role.offer(candidate("broken", 5));
        role.offer(candidate("previous", 1));
        events.failing = "broken";

        role.withdraw("a");

        assertThat(lease().part()).isEqualTo("previous");
        assertThat(events.seen).endsWith("open broken", "open previous", "opened previous");
    }

    @Test
    void shouldSayWhyNoCandidateOpened() {
        events.failing = "a";

        role.offer(candidate("a", 0));

        assertThat(role.isOpen()).isFalse();
        assertThat(role.isVacant()).isFalse();
        assertThat(role.standing().state()).isEqualTo(PartState.FAILED);
        assertThat(role.standing().reason()).contains("no space left");
    }

    @Test
    void shouldCloseOnlyWhenTheLastLeaseHasEnded() {
        role.offer(candidate("a", 0));
        PartRole.Lease<String> first = lease();
        PartRole.Lease<String> second = lease();
        clock.tick(10L);
        clock.schedule(100L, first::release);
        clock.schedule(500L, () -> {
            assertThat(events.seen).doesNotContain("close a");
            assertThat(role.acquire()).as("a lease of a part that leaves").isNull();
            second.release();
        });
        long before = clock.milliseconds();

        role.withdraw("a");

        assertThat(events.seen).containsExactly("open a", "opened a", "closing a", "close a");
        assertThat(clock.milliseconds() - before).isBetween(500L, 600L);
        assertThat(role.unreturned()).isZero();
    }

    @Test
    void shouldCloseBeforeTheContainerLosesPatienceThoughALeaseIsStillOut() {
        role.offer(candidate("a", 0));
        lease();
        clock.tick(10L);
        long before = clock.milliseconds();

        role.withdraw("a");

        assertThat(events.seen).contains("close a");
        assertThat(clock.milliseconds() - before).isBetween(3_000L, PartRole.DRAIN_MS);
        assertThat(role.unreturned()).isEqualTo(1);
    }

    @Test
    void shouldCloseWithoutWaitingWhenTheDrainIsSabotaged() {
        PartRole<String, String> sabotaged = role("skip-drain", events);
        sabotaged.offer(candidate("a", 0));
        Objects.requireNonNull(sabotaged.acquire());
        long before = clock.milliseconds();

        sabotaged.withdraw("a");

        assertThat(clock.milliseconds()).isEqualTo(before);
        assertThat(events.seen).containsExactly("open a", "opened a", "close a");
    }

    @Test
    void shouldOpenTheNextThoughThePreviousDidNotCloseCleanly() {
        role.offer(candidate("a", 0));
        role.offer(candidate("b", 0));
        events.unclosable = "a";

        role.withdraw("a");

        assertThat(lease().part()).isEqualTo("b");
    }

    @Test
    void shouldCloseWhatItsBundleLeftWhileItWasBeingOpened() {
        events.whileOpening = () -> role.withdraw("a");

        role.offer(candidate("a", 0));

        assertThat(role.isOpen()).isFalse();
        assertThat(role.isVacant()).isTrue();
        assertThat(events.seen).containsExactly("open a", "closing a", "close a");
    }

    @Test
    void shouldCloseNothingWhenACandidateLeavesThatDidNotHoldTheRole() {
        role.offer(candidate("a", 0));
        role.offer(candidate("b", 1));

        role.withdraw("b");

        assertThat(lease().part()).isEqualTo("a");
        assertThat(events.seen).containsExactly("open a", "opened a");
    }

    @Test
    void shouldRunWhatWaitedInOrderThoughSomeOfItFails() {
        List<String> ran = new ArrayList<>();
        role.whenOpen(() -> ran.add("first"));
        role.whenOpen(() -> {
            throw new IllegalStateException("for the test");
        });
        role.whenOpen(() -> ran.add("second"));
        assertThat(ran).isEmpty();

        role.offer(candidate("a", 0));
        role.whenOpen(() -> ran.add("third"));

        assertThat(ran).containsExactly("first", "second", "third");
    }

    @Test
    void shouldCountOpenings() {
        role.offer(candidate("a", 0));
        long first = role.openings();
        role.withdraw("a");
        role.offer(candidate("a", 0));

        assertThat(role.openings()).isEqualTo(first + 1);
    }

    @Test
    void shouldOpenNoOtherAtTheEnd() {
        role.offer(candidate("a", 0));
        role.offer(candidate("b", 1));

        role.shutdown();
        role.offer(candidate("c", 2));

        assertThat(role.isOpen()).isFalse();
        assertThat(events.seen).containsExactly("open a", "opened a", "closing a", "close a");
    }

    /** Threads of the container come and go as they like; what is open at a time is one at most. */
    @Test
    void shouldNeverHoldTwoAtOnceWhateverComesAndGoes() throws Exception {
        Recorded concurrent = new Recorded();
        ExecutorService container = Executors.newFixedThreadPool(4);
        try (KernelScheduler parts = new KernelScheduler("test-parts", 4)) {
            PartRole<String, String> contended = new PartRole<>(
                    "engine", "segment", new RoleContext(parts, Time.SYSTEM, Sabotage.of(null)), concurrent);
            List<Callable<Void>> threads = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                RandomSource random = RandomSource.seeded(thread);
                String name = "of-" + thread;
                threads.add(() -> {
                    for (int i = 0; i < 50; i++) {
                        contended.offer(candidate(name, random.nextInt(3)));
                        if (i % 10 == 0) {
                            awaitOpen(contended); // else all may come and go before the first of them is opened
                        }
                        PartRole.Lease<String> lease = contended.acquire();
                        if (lease != null) {
                            lease.release();
                        }
                        contended.withdraw(name);
                    }
                    return null;
                });
            }
            for (Future<Void> done : container.invokeAll(threads)) {
                done.get(30, TimeUnit.SECONDS);
            }
            contended.shutdown();
        } finally {
            container.shutdown();
        }

        assertThat(concurrent.mostAtOnce.get()).isEqualTo(1);
        assertThat(concurrent.atOnce.get()).isZero();
    }

    private static void awaitOpen(PartRole<String, String> role) throws InterruptedException {
        CountDownLatch opened = new CountDownLatch(1);
        role.whenOpen(opened::countDown);
        assertThat(opened.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private static final class Recorded implements PartRole.Lifecycle<String, String> {
        final List<String> seen = new ArrayList<>();
        final AtomicInteger atOnce = new AtomicInteger();
        final AtomicInteger mostAtOnce = new AtomicInteger();
        String failing = "";
        String unclosable = "";
        Runnable whileOpening = () -> {};

        @Override
        public synchronized String open(String factory) throws IOException {
            seen.add("open " + factory);
            if (factory.equals(failing)) {
                throw new IOException("no space left");
            }
            whileOpening.run();
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            return factory;
        }

        @Override
        public synchronized void opened(String part) {
            seen.add("opened " + part);
        }

        @Override
        public synchronized void closing(String part) {
            seen.add("closing " + part);
        }

        @Override
        public synchronized void close(String part) throws IOException {
            seen.add("close " + part);
            atOnce.decrementAndGet();
            if (part.equals(unclosable)) {
                throw new IOException("for the test");
            }
        }
    }
}
