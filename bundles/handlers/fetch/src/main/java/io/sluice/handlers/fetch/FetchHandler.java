package io.sluice.handlers.fetch;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.Partitions;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.FetchRequest;
import io.sluice.protocol.message.FetchResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.request.api.Wakeup;
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
    /** What a disk may take to give what is read for one fetch, before the client is answered without it. */
    private static final long WARMING_MS = 10_000L;

    /** What was brought into memory so often and is gone again is read at once by whoever it is that has to wait for it. */
    private static final int WARMINGS_MAX = 3;

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
        attempt(request, asked, context, new Waited(context.sessionId(), deadline, 0), false, false);
    }

    /** The continuation is a {@link Waited}; the session's partitions are kept by the session. */
    @Override
    public void resume(Request request, Object continuation, boolean timedOut) {
        Waited waited = Waited.of(continuation);
        FetchRequest asked = request.read(new FetchRequest());
        FetchContext context = sessions.reenter(request, asked, waited.session(), metadata.image());
        if (context.error() != ErrorCode.NONE) {
            request.respond(new FetchResponse().setErrorCode(context.error().code()));
            return;
        }
        attempt(request, asked, context, waited, timedOut, true);
    }

    /** Answers, or parks the request: until there is more, or until what there is has been brought into memory. */
    private void attempt(
            Request request, FetchRequest asked, FetchContext context, Waited waited, boolean timedOut, boolean woken) {
        Reading reading = Reading.of(
                context.parts(),
                partitions,
                Math.min(asked.maxBytes(), fetchBytesMax),
                waited.warmings() >= WARMINGS_MAX,
                woken);
        long leftMs = (waited.deadlineNanos() - broker.time().nanoseconds()) / 1_000_000L;
        if (timedOut || reading.isUrgent()) {
            answer(request, context, reading);
        } else if (reading.isAllCold()) {
            Waited warming = waited.warmedOnceMore();
            Wakeup wakeup = request.park(warming.continuation(), Math.max(WARMING_MS, leftMs));
            partitions.watch(reading.waiting(), reading.seen(), asked.minBytes() - reading.bytes(), wakeup);
            partitions.warm(reading.cold(), reading.coldBytes(), wakeup);
        } else if (leftMs <= 0L || reading.hasEnough(asked.minBytes())) {
            answer(request, context, reading);
        } else {
            reading.release();
            Wakeup wakeup = request.park(waited.continuation(), leftMs);
            partitions.watch(reading.waiting(), reading.seen(), asked.minBytes() - reading.bytes(), wakeup);
        }
    }

    /** What is cold is brought into memory meanwhile, for the client's next request. */
    private void answer(Request request, FetchContext context, Reading reading) {
        request.respond(context.answer(reading.outcomes()));
        if (!reading.cold().isEmpty()) {
            partitions.warm(reading.cold(), reading.coldBytes(), () -> {});
        }
    }
}
