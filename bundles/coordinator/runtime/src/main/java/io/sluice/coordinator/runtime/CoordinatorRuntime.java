package io.sluice.coordinator.runtime;

import io.sluice.base.ErrorCode;
import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.broker.api.LeadershipListener;
import io.sluice.broker.api.Partitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a coordinator: one state machine for each partition of its topic that this broker leads, loaded when the leadership begins and given up
 * when it ends. Safe for use from any thread; nothing here blocks but {@link #close()}.
 *
 * <p>Everything that must outlive the coordinator is in the topic, so that closing one and starting another (the update of its bundle) is a pause:
 * whoever waits is told to find the coordinator again.
 */
public final class CoordinatorRuntime<S extends StateMachine<R>, R> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorRuntime.class);
    private static final long CLOSE_MARGIN_MS = 1_000L;

    private final ShardContext<S, R> context;
    private final Map<Integer, Shard<S, R>> shards = new ConcurrentHashMap<>();
    private Partitions.@Nullable Registration registration;
    private boolean closed;

    public CoordinatorRuntime(
            CoordinatorConfig config,
            RecordSerde<R> serde,
            StateMachineFactory<S, R> factory,
            Partitions partitions,
            Scheduler scheduler,
            Time time) {
        this.context = new ShardContext<>(config, serde, factory, partitions, scheduler, time, new LoadTimes(time));
    }

    /** Begins to follow the leadership of the topic's partitions. */
    public synchronized void start() {
        registration = context.partitions().onLeadership(context.config().topic(), new LeadershipListener() {
            @Override
            public void elected(int partition, int leaderEpoch) {
                take(partition);
            }

            @Override
            public void resigned(int partition) {
                giveUp(partition);
            }
        });
    }

    private synchronized void take(int partition) {
        if (closed) {
            return;
        }
        Shard<S, R> fresh = new Shard<>(context, partition);
        Shard<S, R> former = shards.put(partition, fresh);
        if (former == null) {
            fresh.start();
        } else {
            former.close().thenRun(fresh::start);
        }
    }

    private synchronized void giveUp(int partition) {
        Shard<S, R> former = shards.remove(partition);
        if (former != null) {
            former.close();
        }
    }

    /** Hands an event to the state of a partition; it is refused with {@code NOT_COORDINATOR} when this broker does not lead it. */
    public void submit(int partition, Reply<?> reply, Work<S, R> work) {
        Shard<S, R> shard = shards.get(partition);
        if (shard == null) {
            Delivery.refuse(reply, ErrorCode.NOT_COORDINATOR);
        } else {
            shard.submit(reply, work);
        }
    }

    /**
     * Gives up the states of all partitions and loads them again, with what the factory makes now. What is in flight has a while to be committed,
     * whoever waits within a state is refused with {@code NOT_COORDINATOR}, and events that come meanwhile wait.
     *
     * @return completed when no former state is in use any more
     */
    public synchronized CompletableFuture<Void> reload() {
        List<CompletableFuture<Void>> givenUp = new ArrayList<>();
        for (Shard<S, R> shard : shards.values()) {
            givenUp.add(shard.reload());
        }
        return CompletableFuture.allOf(givenUp.toArray(CompletableFuture[]::new));
    }

    /** The partitions that are led, loaded or not. */
    public List<Integer> partitions() {
        return List.copyOf(shards.keySet());
    }

    /** How long it took to load partitions, from the beginning of each to its first event. */
    public LoadTimes loadTimes() {
        return context.loadTimes();
    }

    /** True when the state of a partition is loaded. */
    public boolean isActive(int partition) {
        Shard<S, R> shard = shards.get(partition);
        return shard != null && shard.isActive();
    }

    /**
     * Gives all partitions up. What is in flight has a while to be committed; everybody else who waits is refused with {@code NOT_COORDINATOR}.
     *
     * @return completed when nothing of this runtime is at work any more
     */
    public synchronized CompletableFuture<Void> beginClose() {
        closed = true;
        if (registration != null) {
            registration.close();
            registration = null;
        }
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        for (Shard<S, R> shard : shards.values()) {
            closing.add(shard.close());
        }
        shards.clear();
        return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new));
    }

    /** Gives all partitions up and waits for the end, not much longer than the configured time. */
    @Override
    public void close() {
        try {
            beginClose().get(context.config().closeTimeoutMs() + CLOSE_MARGIN_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn(
                    "the coordinator of {} was not quiet in time",
                    context.config().topic());
        } catch (ExecutionException e) {
            LOG.error(
                    "the coordinator of {} could not be closed",
                    context.config().topic(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
