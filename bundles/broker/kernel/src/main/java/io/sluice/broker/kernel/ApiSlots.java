package io.sluice.broker.kernel;

import io.sluice.base.Time;
import io.sluice.broker.api.AdvertisedApi;
import io.sluice.protocol.ApiKey;
import io.sluice.request.api.ApiHandler;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A role for each API. What is advertised follows what is installed: an API whose bundle is stopped or being updated stays
 * advertised, and its requests wait; it is withdrawn when its bundle was removed and no request that came meanwhile can wait
 * for it any more, or when its bundle has been uninstalled for {@link #GRACE_MS}.
 */
final class ApiSlots {
    static final long GRACE_MS = 30_000L;

    private final Map<ApiKey, Slot> slots = new EnumMap<>(ApiKey.class);
    private final HandlerNews news;
    private final Time time;
    private final Predicate<String> isInstalled;

    ApiSlots(RoleContext context, Predicate<String> isInstalled) {
        this.time = context.time();
        this.isInstalled = isInstalled;
        this.news = new HandlerNews(context.scheduler(), this::openCount);
        for (ApiKey api : ApiKey.values()) {
            slots.put(api, new Slot(api, context, news));
        }
    }

    private static final class Slot implements PartRole.Lifecycle<ApiHandler, ApiHandler> {
        final PartRole<ApiHandler, ApiHandler> role;
        final AtomicInteger parked = new AtomicInteger();
        private final HandlerNews news;
        volatile @Nullable AdvertisedApi known;
        volatile long closedAtNanos;
        volatile boolean forgotten;

        Slot(ApiKey api, RoleContext context, HandlerNews news) {
            this.news = news;
            this.role = new PartRole<>("handler", api.apiName(), context, this);
            this.closedAtNanos = context.time().nanoseconds();
        }

        @Override
        public ApiHandler open(ApiHandler handler) {
            forgotten = false;
            known = new AdvertisedApi(handler.api(), handler.lowestVersion(), handler.highestVersion());
            return handler;
        }

        @Override
        public void opened(ApiHandler handler) {
            news.opened(handler.api());
        }

        @Override
        public void close(ApiHandler handler) {
            news.closed(handler.api());
        }

        @Override
        public boolean isDetail() {
            return true;
        }
    }

    /** The broker is ready: from now on the log tells what changes. */
    void ready() {
        news.begin();
    }

    private Slot slot(ApiKey api) {
        return java.util.Objects.requireNonNull(slots.get(api));
    }

    PartRole<ApiHandler, ApiHandler> role(ApiKey api) {
        return slot(api).role;
    }

    void offer(PartRole.Candidate<ApiHandler> candidate) {
        slot(candidate.factory().api()).role.offer(candidate);
    }

    void withdraw(ApiKey api, Object key) {
        Slot slot = slot(api);
        slot.role.withdraw(key);
        slot.closedAtNanos = time.nanoseconds();
    }

    /** The bundle was removed: its APIs are withdrawn unless it is installed again while requests wait for it. */
    void forget(String bundle) {
        for (Slot slot : slots.values()) {
            if (slot.role.isVacant() && slot.role.standing().bundle().equals(bundle)) {
                slot.forgotten = true;
            }
        }
    }

    boolean isAdvertised(ApiKey api) {
        return advertised(slot(api)) != null;
    }

    boolean supports(ApiKey api, short version) {
        AdvertisedApi known = slot(api).known;
        return known != null && version >= known.lowestVersion() && version <= known.highestVersion();
    }

    private @Nullable AdvertisedApi advertised(Slot slot) {
        AdvertisedApi known = slot.known;
        if (known == null || slot.role.isOpen() || !slot.role.isVacant()) {
            return known;
        }
        boolean forgotten = slot.forgotten;
        long graceMs = forgotten ? RequestDispatcher.PARKED_MS : GRACE_MS;
        boolean graceOver = time.nanoseconds() - slot.closedAtNanos > graceMs * 1_000_000L;
        if (graceOver && (forgotten || !isInstalled.test(slot.role.standing().bundle()))) {
            slot.known = null;
            return null;
        }
        return known;
    }

    List<AdvertisedApi> advertised() {
        List<AdvertisedApi> all = new ArrayList<>();
        for (Slot slot : slots.values()) {
            AdvertisedApi api = advertised(slot);
            if (api != null) {
                all.add(api);
            }
        }
        return all;
    }

    int openCount() {
        int open = 0;
        for (Slot slot : slots.values()) {
            if (slot.role.isOpen()) {
                open++;
            }
        }
        return open;
    }

    void parked(ApiKey api, int change) {
        slot(api).parked.addAndGet(change);
    }

    /** Lets every handler go, for the end of the broker. Blocks. */
    void shutdown() {
        news.end();
        for (Slot slot : slots.values()) {
            slot.role.shutdown();
        }
    }

    int parkedNow(ApiKey api) {
        return slot(api).parked.get();
    }
}
