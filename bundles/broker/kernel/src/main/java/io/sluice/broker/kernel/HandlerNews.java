package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.protocol.ApiKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log which APIs there are: how many once the broker is ready, and from then on one line for those that come or go
 * together, as those of one bundle do. Any thread.
 */
final class HandlerNews {
    static final long TOGETHER_MS = 500L;

    private static final Logger LOG = LoggerFactory.getLogger(HandlerNews.class);
    private static final int NAMED_MOST = 4;

    private final Scheduler scheduler;
    private final IntSupplier openCount;
    private final Map<ApiKey, Boolean> changes = new EnumMap<>(ApiKey.class);
    private boolean telling;

    HandlerNews(Scheduler scheduler, IntSupplier openCount) {
        this.scheduler = scheduler;
        this.openCount = openCount;
    }

    void begin() {
        LOG.info("open APIs: {}", openCount.getAsInt());
        synchronized (this) {
            telling = true;
        }
    }

    synchronized void end() {
        telling = false;
        changes.clear();
    }

    void opened(ApiKey api) {
        changed(api, true);
    }

    void closed(ApiKey api) {
        changed(api, false);
    }

    private synchronized void changed(ApiKey api, boolean open) {
        if (!telling) {
            return;
        }
        if (changes.isEmpty()) {
            scheduler.schedule(TOGETHER_MS, this::tell);
        }
        changes.put(api, open);
    }

    private void tell() {
        String opened;
        String closed;
        synchronized (this) {
            if (changes.isEmpty()) {
                return;
            }
            opened = names(true);
            closed = names(false);
            changes.clear();
        }
        LOG.info("APIs that opened: {}; that closed: {}; open now: {}", opened, closed, openCount.getAsInt());
    }

    private String names(boolean open) {
        List<String> names = new ArrayList<>();
        changes.forEach((api, now) -> {
            if (now == open) {
                names.add(api.apiName());
            }
        });
        if (names.isEmpty()) {
            return "none";
        }
        int more = names.size() - NAMED_MOST;
        String first = String.join(", ", names.subList(0, Math.min(NAMED_MOST, names.size())));
        return more > 0 ? first + " and " + more + " more" : first;
    }
}
