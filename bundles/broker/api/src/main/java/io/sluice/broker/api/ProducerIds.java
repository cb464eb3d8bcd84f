package io.sluice.broker.api;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.message.AllocateProducerIdsRequest;
import io.sluice.protocol.message.AllocateProducerIdsResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out producer ids from blocks that the controller allocates durably: nobody gets an id twice, even after a crash;
 * what is left of a block is lost when this object is. Any thread.
 *
 * <p>Those who come while a block is on its way wait for it, at most {@link #WAITING_MAX} of them.
 */
public final class ProducerIds {
    public static final int WAITING_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(ProducerIds.class);

    private final Controller controller;
    private final Broker broker;
    private final Queue<CompletableFuture<Grant>> waiting = new ArrayDeque<>();
    private long next;
    private long end;
    private boolean fetching;

    public ProducerIds(Controller controller, Broker broker) {
        this.controller = controller;
        this.broker = broker;
    }

    /** An id, or the error that makes the client ask again; the id is -1 with an error. */
    public record Grant(ErrorCode error, long producerId) {
        /** What clients are told while no block can be had; all of them try again. */
        public static final Grant NONE = new Grant(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, -1L);
    }

    /** Completes on the caller's thread, or the controller's. */
    public CompletableFuture<Grant> next() {
        CompletableFuture<Grant> grant;
        synchronized (this) {
            if (next < end) {
                return CompletableFuture.completedFuture(new Grant(ErrorCode.NONE, next++));
            }
            if (waiting.size() >= WAITING_MAX) {
                return CompletableFuture.completedFuture(Grant.NONE);
            }
            grant = new CompletableFuture<>();
            waiting.add(grant);
            if (fetching) {
                return grant;
            }
            fetching = true;
        }
        fetch();
        return grant;
    }

    private void fetch() {
        AllocateProducerIdsRequest request =
                new AllocateProducerIdsRequest().setBrokerId(broker.nodeId()).setBrokerEpoch(broker.brokerEpoch());
        CompletableFuture<AllocateProducerIdsResponse> allocated;
        try {
            allocated = controller.allocateProducerIds(request);
        } catch (RuntimeException e) {
            allocated = CompletableFuture.failedFuture(e);
        }
        allocated.whenComplete(this::arrived);
    }

    private void arrived(@Nullable AllocateProducerIdsResponse block, @Nullable Throwable failure) {
        boolean given = block != null && block.errorCode() == ErrorCode.NONE.code() && block.producerIdLen() > 0;
        if (!given) {
            LOG.warn(
                    "No block of producer ids could be had: {}",
                    block == null ? String.valueOf(failure) : ErrorCode.of(block.errorCode()));
        }
        List<Runnable> answers = new ArrayList<>();
        boolean again;
        synchronized (this) {
            if (block != null && given) {
                next = block.producerIdStart();
                end = next + block.producerIdLen();
            }
            while (!waiting.isEmpty() && (!given || next < end)) {
                CompletableFuture<Grant> grant = waiting.remove();
                Grant answer = given ? new Grant(ErrorCode.NONE, next++) : Grant.NONE;
                answers.add(() -> grant.complete(answer));
            }
            again = !waiting.isEmpty();
            fetching = again;
        }
        answers.forEach(Runnable::run);
        if (again) {
            fetch();
        }
    }
}
