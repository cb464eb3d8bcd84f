package io.sluice.handlers.fetch;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.Partitions;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.FetchRequest;
import io.sluice.protocol.message.FetchResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.request.api.Wakeup;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Fetch, with sessions (KIP-227). A request that finds less than it asks for is parked as data and goes on when its
 * partitions have more, or its time is over; it holds a session's number and a deadline, so that another version of this
 * handler can go on with it. Runs on the I/O thread.
 */
@Component(service = ApiHandler.class)
public final class FetchHandler implements ApiHandler {
    private final Partitions partitions;
    private final MetadataSource metadata;
    private final Broker broker;
    private final FetchSessions sessions;
    private final int fetchBytesMax;

    @Activate
    public FetchHandler(
            @Reference Partitions partitions, @Reference MetadataSource metadata, @Reference Broker broker) {
        this.partitions = partitions;
        this.metadata = metadata;
        this.broker = broker;
        this.sessions = new FetchSessions(
                integer(broker, "max.incremental.fetch.session.cache.slots", 1000), broker.time(), broker.random());
        this.fetchBytesMax = integer(broker, "fetch.max.bytes", 55 * 1024 * 1024);
    }

    private static int integer(Broker broker, String key, int otherwise) {
        String value = broker.config(key);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    @Override
    public ApiKey api() {
        return ApiKey.FETCH;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        FetchRequest asked = request.read(new FetchRequest());
        FetchContext context = sessions.enter(request, asked, metadata.image());
        if (context.error() != ErrorCode.NONE) {
            request.respond(new FetchResponse().setErrorCode(context.error().code()));
            return;
        }
        long deadline = broker.time().nanoseconds() + Math.max(0, asked.maxWaitMs()) * 1_000_000L;
        attempt(request, asked, context, deadline, asked.maxWaitMs() <= 0, false);
    }

    /** The continuation is {@code {session id, deadline in nanoseconds}}; the session's partitions are kept by the session. */
    @Override
    public void resume(Request request, Object continuation, boolean timedOut) {
        long[] waited = (long[]) continuation;
        FetchRequest asked = request.read(new FetchRequest());
        FetchContext context = sessions.reenter(request, asked, (int) waited[0], metadata.image());
        if (context.error() != ErrorCode.NONE) {
            request.respond(new FetchResponse().setErrorCode(context.error().code()));
            return;
        }
        long deadline = waited[1];
        attempt(
                request,
                asked,
                context,
                deadline,
                timedOut || deadline - broker.time().nanoseconds() <= 0,
                true);
    }

    /**
     * Answers, or parks the request. A partition that is not there, or not for this client, does not hurry the others: a client that
     * goes on to ask for one would ask without a pause. What becomes known while the request waits does.
     */
    private void attempt(
            Request request, FetchRequest asked, FetchContext context, long deadline, boolean last, boolean woken) {
        int left = Math.min(asked.maxBytes(), fetchBytesMax);
        int bytes = 0;
        boolean urgent = last;
        int readable = 0;
        List<FetchOutcome> outcomes = new ArrayList<>(context.parts().size());
        for (FetchPart part : context.parts()) {
            FetchOutcome outcome = part.error() == ErrorCode.NONE
                    ? partitions.fetch(part.position(), limit(part, left, bytes == 0), bytes == 0)
                    : FetchOutcome.refused(part.error());
            int size = outcome.records().sizeInBytes();
            bytes += size;
            left = Math.max(0, left - size);
            if (isOutOfSight(outcome.error())) {
                urgent |= woken;
            } else {
                readable++;
                urgent |= outcome.error() != ErrorCode.NONE || outcome.divergingEpoch() >= 0;
            }
            outcomes.add(outcome);
        }
        if (urgent || readable == 0 || bytes >= asked.minBytes()) {
            request.respond(context.answer(outcomes));
            return;
        }
        List<FetchPosition> positions = new ArrayList<>(context.parts().size());
        for (int i = 0; i < outcomes.size(); i++) {
            outcomes.get(i).records().release();
            if (!isOutOfSight(outcomes.get(i).error())) {
                positions.add(context.parts().get(i).position());
            }
        }
        long leftMs = Math.max(1L, (deadline - broker.time().nanoseconds()) / 1_000_000L);
        Wakeup wakeup = request.park(new long[] {context.sessionId(), deadline}, leftMs);
        partitions.watch(positions, asked.minBytes(), wakeup);
    }

    /** A limit of nothing still lets the first batch through, or its reader would never get on (KIP-74). */
    private static int limit(FetchPart part, int left, boolean first) {
        int limit = Math.min(part.maxBytes(), left);
        return first ? Math.max(1, limit) : limit;
    }

    private static boolean isOutOfSight(ErrorCode error) {
        return error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                || error == ErrorCode.UNKNOWN_TOPIC_ID
                || error == ErrorCode.TOPIC_AUTHORIZATION_FAILED;
    }
}
