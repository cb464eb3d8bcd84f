package io.sluice.cluster.controller;

import io.sluice.cluster.api.ConsensusLog;
import io.sluice.cluster.api.ControllerContext;
import io.sluice.cluster.api.MetadataDelta;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.NotControllerException;
import io.sluice.cluster.api.config.ConfigResolver;
import io.sluice.cluster.api.image.ClusterImage;
import io.sluice.cluster.api.image.ImageBuilder;
import io.sluice.cluster.api.image.ImageChange;
import io.sluice.cluster.api.image.RecordBytes;
import io.sluice.cluster.api.image.UnusableRecordException;
import io.sluice.protocol.Message;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one queue through which everything passes: requests are decided on the image of all that was decided before (the tail),
 * their records appended as one batch; what the log commits is replayed and published, and then the answers go out. When an
 * append fails, everything after it fails too, and the tail goes back to what is committed.
 */
final class ControllerLoop implements ConsensusLog.Listener {
    /** How many requests may be without an answer. */
    static final int REQUESTS_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(ControllerLoop.class);
    private static final MetadataDelta NOTHING = new MetadataDelta(Set.of(), Map.of(), Set.of(), false);

    private final ControllerContext context;
    private final ConsensusLog log;
    private final Policies policies;
    private final SerialQueue queue;
    private final ImagePublisher publisher = new ImagePublisher();
    private final SnapshotTrigger snapshots;
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private final AtomicInteger unanswered = new AtomicInteger();

    // What follows is touched by tasks of the queue only.
    private final ImageReplay committed = new ImageReplay();
    private final ArrayDeque<Pending<?>> pending = new ArrayDeque<>();
    private ClusterImage tail = ClusterImage.EMPTY;
    private boolean active;
    private int epoch = -1;
    private boolean ended;

    ControllerLoop(ControllerContext context, ConsensusLog log, Policies policies) {
        this.context = context;
        this.policies = policies;
        this.log = log;
        this.queue = new SerialQueue(context.scheduler());
        this.snapshots = new SnapshotTrigger(log, context.scheduler(), snapshotBytes(context));
    }

    /** An answer that waits until everything up to an offset is committed. */
    private record Pending<R>(long offset, R response, CompletableFuture<R> future) {
        void answer() {
            future.complete(response);
        }

        void fail(Throwable reason) {
            future.completeExceptionally(reason);
        }
    }

    MetadataSource metadata() {
        return publisher;
    }

    /** Completes when the log was replayed; fails when it cannot be. */
    CompletableFuture<Void> loaded() {
        return loaded;
    }

    /** Decides a request when its turn comes. */
    <R> CompletableFuture<R> request(Function<Situation, Decision<R>> decider) {
        CompletableFuture<R> future = new CompletableFuture<>();
        if (unanswered.incrementAndGet() > REQUESTS_MAX) {
            unanswered.decrementAndGet();
            future.completeExceptionally(
                    new NotControllerException(REQUESTS_MAX + " requests wait for the controller already"));
            return future;
        }
        future.whenComplete((response, failure) -> unanswered.decrementAndGet());
        queue.submit(() -> decide(decider, future));
        return future;
    }

    void close() {
        queue.run(() -> end(new NotControllerException("the controller is closing")));
    }

    @Override
    public void snapshot(long offset, int snapshotEpoch, List<ByteBuffer> records) {
        queue.run(() -> replaying(() -> committed.snapshot(offset, snapshotEpoch, records)));
    }

    @Override
    public void committed(long firstOffset, int batchEpoch, List<ByteBuffer> records) {
        queue.run(() -> replaying(() -> {
            snapshots.count(records);
            if (loaded.isDone()) {
                publish(committed.replay(firstOffset, batchEpoch, records));
            } else {
                committed.load(firstOffset, batchEpoch, records);
            }
        }));
    }

    @Override
    public void leaderChanged(int newEpoch, @Nullable Integer leader) {
        queue.run(() -> replaying(() -> follow(newEpoch, leader == null ? -1 : leader)));
    }

    private void follow(int newEpoch, int leader) {
        failPending(new NotControllerException("the controller changed"), 0);
        boolean first = !loaded.isDone();
        ClusterImage image = committed.led(newEpoch, leader);
        tail = image;
        epoch = newEpoch;
        active = leader == context.nodeId();
        publisher.publish(first ? image.asDelta() : NOTHING, image);
        loaded.complete(null);
    }

    private void publish(ImageChange change) {
        publisher.publish(change.delta(), change.image());
        while (!pending.isEmpty() && pending.peek().offset() <= change.image().offset()) {
            pending.poll().answer();
        }
        snapshots.maybeWrite(change.image());
    }

    private <R> void decide(Function<Situation, Decision<R>> decider, CompletableFuture<R> future) {
        if (!active || ended) {
            future.completeExceptionally(new NotControllerException("this node is not the active controller"));
            return;
        }
        try {
            List<Message> records = new ArrayList<>(tail.features().isEmpty() ? Bootstrap.records() : List.of());
            ClusterImage image = after(tail, records);
            Decision<R> decision = decider.apply(new Situation(
                    image, context.nodeId(), context.clusterId(), context.staticConfig(), context.random(), policies));
            if (decision.records().isEmpty()) {
                answerWhenCommitted(new Pending<>(tail.offset(), decision.response(), future));
                return;
            }
            records.addAll(decision.records());
            ClusterImage next = after(image, decision.records());
            CompletableFuture<Long> appended = log.append(epoch, RecordBytes.encode(records));
            tail = next;
            Pending<R> waiting = new Pending<>(next.offset(), decision.response(), future);
            pending.add(waiting);
            appended.whenComplete((offset, failure) -> {
                if (failure != null) {
                    queue.submit(() -> appendFailed(waiting, failure));
                }
            });
        } catch (RuntimeException e) {
            LOG.error("A request to the controller failed", e);
            future.completeExceptionally(e);
        }
    }

    private ClusterImage after(ClusterImage image, List<Message> records) {
        if (records.isEmpty()) {
            return image;
        }
        ImageBuilder builder = new ImageBuilder(image);
        records.forEach(builder::replay);
        return builder.build(image.offset() + records.size(), epoch, context.nodeId())
                .image();
    }

    private void answerWhenCommitted(Pending<?> answer) {
        if (pending.isEmpty()) {
            answer.answer();
        } else {
            pending.add(answer);
        }
    }

    /** What was decided on the strength of the failed batch fails with it; the log tells when it can be written again. */
    private void appendFailed(Pending<?> failed, Throwable failure) {
        if (pending.remove(failed)) {
            failed.fail(
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure);
            active = false;
            failPending(new NotControllerException("an earlier change could not be committed"), failed.offset());
        }
    }

    private void failPending(NotControllerException reason, long fromOffset) {
        List<Pending<?>> failing = pending.stream()
                .filter(waiting -> waiting.offset() >= fromOffset)
                .toList();
        pending.removeAll(failing);
        failing.forEach(waiting -> waiting.fail(reason));
    }

    /** A record that cannot be applied ends the controller: the broker goes on with the image that it has. */
    private void replaying(Runnable step) {
        if (ended) {
            return;
        }
        try {
            step.run();
        } catch (UnusableRecordException e) {
            if (!loaded.completeExceptionally(e)) {
                LOG.error("The controller stops: {}", e.getMessage());
            }
            end(new NotControllerException("the controller has stopped: " + e.getMessage()));
        }
    }

    private void end(NotControllerException reason) {
        ended = true;
        active = false;
        failPending(reason, 0);
    }

    private static long snapshotBytes(ControllerContext context) {
        String bytes = new ConfigResolver(ClusterImage.EMPTY, context.staticConfig(), context.nodeId())
                .broker("metadata.log.max.record.bytes.between.snapshots");
        return bytes == null ? Long.MAX_VALUE : Long.parseLong(bytes);
    }
}
