package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.protocol.ApiKey;
import io.sluice.request.api.ApiHandler;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says, at the level that people read, of handlers that come and go. */
class HandlerNewsTest {
    private final Simulation clock = new Simulation();
    private final ApiSlots slots =
            new ApiSlots(new RoleContext(clock.atOnce(), clock, Sabotage.of(null)), bundle -> true);
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.sluice.broker.kernel");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    private List<String> said() {
        return lines.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private void offer(ApiKey api) {
        ScriptedHandler handler = new ScriptedHandler(api, ApiHandler.Execution.WORKER);
        slots.offer(new PartRole.Candidate<>(handler, api, 0, "handlers", "1.0.0"));
    }

    @Test
    void shouldSayHowManyThereAreOnceTheBrokerIsReady() {
        offer(ApiKey.PRODUCE);
        offer(ApiKey.FETCH);
        slots.ready();
        clock.pass(10 * HandlerNews.TOGETHER_MS);

        assertThat(said()).containsExactly("open APIs: 2");
    }

    @Test
    void shouldSayInOneLineWhatChangesTogether() {
        slots.ready();
        for (ApiKey api : List.of(ApiKey.PRODUCE, ApiKey.FETCH, ApiKey.METADATA, ApiKey.HEARTBEAT, ApiKey.END_TXN)) {
            offer(api);
        }
        slots.withdraw(ApiKey.PRODUCE, ApiKey.PRODUCE);
        clock.pass(HandlerNews.TOGETHER_MS);
        slots.withdraw(ApiKey.FETCH, ApiKey.FETCH);
        offer(ApiKey.FETCH);
        clock.pass(HandlerNews.TOGETHER_MS);

        assertThat(said())
                .containsExactly(
                        "open APIs: 0",
                        "APIs that opened: Fetch, Metadata, Heartbeat, EndTxn; that closed: Produce; open now: 4",
                        "APIs that opened: Fetch; that closed: none; open now: 4");
    }

    @Test
    void shouldNameAFewOfMany() {
        slots.ready();
        List.of(ApiKey.values()).forEach(this::offer);
        clock.pass(HandlerNews.TOGETHER_MS);

        assertThat(said().get(1))
                .isEqualTo("APIs that opened: Produce, Fetch, ListOffsets, Metadata and "
                        + (ApiKey.values().length - 4) + " more; that closed: none; open now: "
                        + ApiKey.values().length);
    }

    @Test
    void shouldSayNothingWhenTheBrokerEnds() {
        offer(ApiKey.PRODUCE);
        slots.ready();
        slots.shutdown();
        clock.pass(HandlerNews.TOGETHER_MS);

        assertThat(said()).containsExactly("open APIs: 1");
    }
}
