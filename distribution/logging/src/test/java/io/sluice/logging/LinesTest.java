package io.sluice.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LinesTest {
    private static LoggingEvent event(Level level, String message, @Nullable Throwable thrown, Object... arguments) {
        LoggerContext context = new LoggerContext();
        LoggingEvent event = new LoggingEvent(
                "caller", context.getLogger("io.sluice.storage.Log"), level, message, thrown, arguments);
        event.setThreadName("writer-1");
        event.setTimeStamp(LocalDateTime.of(2026, 3, 7, 9, 5, 30, 42_000_000)
                .atZone(ZoneId.systemDefault())
                .toInstant()
                .toEpochMilli());
        return event;
    }

    private static String text(Lines lines, LoggingEvent event) {
        return new String(lines.encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void shouldWriteTimeLevelThreadLoggerAndMessage() {
        assertThat(text(new FileLines(), event(Level.INFO, "größer als {}", null, 5)))
                .isEqualTo("2026-03-07T09:05:30.042 INFO  [writer-1] io.sluice.storage.Log - größer als 5"
                        + System.lineSeparator());
    }

    @Test
    void shouldWriteWhatWasThrownBelowTheMessage() {
        Throwable cause = new IllegalArgumentException("inner");
        assertThat(text(new FileLines(), event(Level.ERROR, "failed", new IllegalStateException("outer", cause))))
                .contains("ERROR [writer-1] io.sluice.storage.Log - failed" + System.lineSeparator())
                .contains("java.lang.IllegalStateException: outer")
                .contains("at io.sluice.logging.LinesTest")
                .contains("Caused by: java.lang.IllegalArgumentException: inner");
    }

    @Test
    void shouldSayOnTheConsoleOnlyWhatHappened() {
        assertThat(text(new ConsoleLines(), event(Level.WARN, "no space", new IllegalStateException("x"))))
                .isEqualTo("WARN  Log - no space" + System.lineSeparator());
    }
}
