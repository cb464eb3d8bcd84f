package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.Time;
import io.sluice.protocol.ApiKey;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is advertised while the bundle of an API is stopped, updated, or removed. */
class ApiSlotsTest {
    private static final String BUNDLE = "io.sluice.handlers.produce";
    private static final Object KEY = new Object();

    private final Clock clock = new Clock();
    private final ApiSlots slots =
            new ApiSlots(new RoleContext(new SameThread(), clock, Sabotage.of(null)), bundle -> clock.installed);

    @BeforeEach
    void offer() {
        slots.offer(new PartRole.Candidate<>(new Produce(), KEY, 0, BUNDLE, "1.0.0"));
        assertThat(slots.isAdvertised(ApiKey.PRODUCE)).isTrue();
    }

    @Test
    void shouldAdvertiseAnApiWhoseBundleIsStopped() {
        slots.withdraw(ApiKey.PRODUCE, KEY);
        clock.passMs(10 * ApiSlots.GRACE_MS);

        assertThat(slots.isAdvertised(ApiKey.PRODUCE)).isTrue();
    }

    @Test
    void shouldWithdrawAnApiWhoseBundleWasUninstalledForLong() {
        slots.withdraw(ApiKey.PRODUCE, KEY);
        clock.installed = false;
        clock.passMs(ApiSlots.GRACE_MS - 1);
        assertThat(slots.isAdvertised(ApiKey.PRODUCE)).isTrue();

        clock.passMs(2);

        assertThat(slots.isAdvertised(ApiKey.PRODUCE)).isFalse();
    }

    @Test
    void shouldWithdrawAnApiThatWasRemovedOnceNoRequestWaitsForIt() {
        slots.withdraw(ApiKey.PRODUCE, KEY);
        clock.installed = false;
        slots.forget(BUNDLE);
        clock.passMs(RequestDispatcher.PARKED_MS - 1);
        assertThat(slots.isAdvertised(ApiKey.PRODUCE)).isTrue();

        clock.passMs(2);

        assertThat(slots.isAdvertised(ApiKey.PRODUCE)).isFalse();
    }

    @Test
    void shouldKeepAnApiThatWasRemovedAndInstalledAnew() {
        slots.withdraw(ApiKey.PRODUCE, KEY);
        slots.forget(BUNDLE);
        clock.passMs(1_000L);
        slots.offer(new PartRole.Candidate<>(new Produce(), KEY, 0, BUNDLE, "1.0.0"));
        clock.passMs(10 * ApiSlots.GRACE_MS);
        assertThat(slots.isAdvertised(ApiKey.PRODUCE)).isTrue();

        slots.withdraw(ApiKey.PRODUCE, KEY); // stopped, not removed
        clock.passMs(10 * ApiSlots.GRACE_MS);

        assertThat(slots.isAdvertised(ApiKey.PRODUCE)).isTrue();
    }

    private static final class Clock implements Time {
        private long nowMs;
        private boolean installed = true;

        void passMs(long ms) {
            nowMs += ms;
        }

        @Override
        public long milliseconds() {
            return nowMs;
        }

        @Override
        public long nanoseconds() {
            return nowMs * 1_000_000L;
        }
    }

    private static final class Produce implements ApiHandler {
        @Override
        public ApiKey api() {
            return ApiKey.PRODUCE;
        }

        @Override
        public short lowestVersion() {
            return 3;
        }

        @Override
        public short highestVersion() {
            return 13;
        }

        @Override
        public void handle(Request request) {
            throw new UnsupportedOperationException();
        }
    }
}
