package io.sluice.broker.kernel;

import io.sluice.cluster.api.Controller;
import io.sluice.protocol.message.AllocateProducerIdsRequest;
import io.sluice.protocol.message.AllocateProducerIdsResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Ids of producers that nobody has, from blocks that the controller gives durably. Waits for it now and then; any thread. */
final class FreshProducerIds implements LongSupplier {
    private static final long PATIENCE_SECONDS = 15L;

    private final Controller controller;
    private final int nodeId;
    private final long brokerEpoch;
    private long next;
    private long end;

    FreshProducerIds(Controller controller, int nodeId, long brokerEpoch) {
        this.controller = controller;
        this.nodeId = nodeId;
        this.brokerEpoch = brokerEpoch;
    }

    @Override
    public synchronized long getAsLong() {
        if (next == end) {
            allocate();
        }
        return next++;
    }

    private void allocate() {
        AllocateProducerIdsRequest request =
                new AllocateProducerIdsRequest().setBrokerId(nodeId).setBrokerEpoch(brokerEpoch);
        try {
            AllocateProducerIdsResponse block =
                    controller.allocateProducerIds(request).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (block.errorCode() != 0 || block.producerIdLen() <= 0) {
                throw refused("error " + block.errorCode());
            }
            next = block.producerIdStart();
            end = next + block.producerIdLen();
        } catch (ExecutionException | TimeoutException e) {
            throw refused(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused("interrupted");
        }
    }

    private static UncheckedIOException refused(String why) {
        return new UncheckedIOException(new IOException("the controller gives no ids of producers: " + why));
    }
}
