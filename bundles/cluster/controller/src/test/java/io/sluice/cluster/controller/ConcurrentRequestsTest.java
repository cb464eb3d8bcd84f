package io.sluice.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.RandomSource;
import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.cluster.api.ConsensusLog;
import io.sluice.cluster.api.ControllerContext;
import io.sluice.cluster.api.ControllerNode;
import io.sluice.cluster.api.NotControllerException;
import io.sluice.protocol.message.CreateTopicsResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads, and a log that commits on yet another one. */
class ConcurrentRequestsTest {
    private static final int THREADS = 4;
    private static final int TOPICS = 200;

    private final ExecutorService threads = Executors.newFixedThreadPool(2 * THREADS);

    @AfterEach
    void stopThreads() throws InterruptedException {
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Commits in order on the threads of the executor. */
    private final class AsynchronousLog implements ConsensusLog {
        private final ConcurrentLinkedQueue<Runnable> appends = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean running = new AtomicBoolean();
        private @Nullable Listener listener;
        private long nextOffset;

        @Override
        public void start(Listener newListener) {
            listener = newListener;
            threads.execute(() -> newListener.leaderChanged(3, 1));
        }

        @Override
        public CompletableFuture<Long> append(int epoch, List<ByteBuffer> records) {
            CompletableFuture<Long> committed = new CompletableFuture<>();
            if (epoch != 3) {
                committed.completeExceptionally(new NotControllerException("another epoch"));
                return committed;
            }
            appends.add(() -> {
                long first = nextOffset;
                nextOffset += records.size();
                if (listener != null) {
                    listener.committed(first, epoch, records);
                }
                committed.complete(nextOffset - 1);
            });
            if (running.compareAndSet(false, true)) {
                threads.execute(this::commit);
            }
            return committed;
        }

        private void commit() {
            do {
                for (Runnable append = appends.poll(); append != null; append = appends.poll()) {
                    append.run();
                }
                running.set(false);
            } while (!appends.isEmpty() && running.compareAndSet(false, true));
        }

        @Override
        public void writeSnapshot(long offset, int epoch, List<ByteBuffer> records) {}

        @Override
        public void close() {}
    }

    private Scheduler scheduler() {
        return new Scheduler() {
            @Override
            public void execute(Runnable task) {
                threads.execute(task);
            }

            @Override
            public Cancellable schedule(long delayMs, Runnable task) {
                return () -> {};
            }

            @Override
            public Cancellable scheduleWithFixedDelay(long initialDelayMs, long delayMs, Runnable task) {
                return () -> {};
            }
        };
    }

    @Test
    void shouldAnswerEveryRequestOnceItsTopicIsShown() throws Exception {
        ControllerNode node = new MetadataControllerFactory()
                .open(
                        new ControllerContext(
                                1,
                                ControllerFixture.CLUSTER,
                                Map.of(),
                                Time.SYSTEM,
                                scheduler(),
                                RandomSource.secure()),
                        new AsynchronousLog());
        node.controller()
                .registerBroker(ControllerFixture.registration(1, 7), true)
                .get(10, TimeUnit.SECONDS);
        List<Long> offsets = new ArrayList<>();
        Set<String> told = new TreeSet<>();
        node.metadata().subscribe((delta, image) -> {
            offsets.add(image.offset());
            told.addAll(delta.changedTopics());
        });

        List<Future<Integer>> workers = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            workers.add(threads.submit(creating(node, thread)));
        }
        int created = 0;
        for (Future<Integer> worker : workers) {
            created += worker.get(30, TimeUnit.SECONDS);
        }

        assertThat(created).isEqualTo(TOPICS);
        assertThat(node.metadata().image().topics()).hasSize(TOPICS);
        assertThat(told).hasSize(TOPICS);
        assertThat(offsets).isSorted().doesNotHaveDuplicates();
        node.close();
    }

    /** All threads want the same topics: each is created for exactly one of them. */
    private static Callable<Integer> creating(ControllerNode node, int thread) {
        return () -> {
            int created = 0;
            for (int i = 0; i < TOPICS; i++) {
                String name = "t" + (i + thread * 31) % TOPICS;
                CreateTopicsResponse response = node.controller()
                        .createTopics(ControllerFixture.creating(ControllerFixture.topic(name, 1, 1)))
                        .get(10, TimeUnit.SECONDS);
                assertThat(node.metadata().image().topic(name)).isNotNull();
                created += response.topics().get(0).errorCode() == 0 ? 1 : 0;
            }
            return created;
        };
    }
}
