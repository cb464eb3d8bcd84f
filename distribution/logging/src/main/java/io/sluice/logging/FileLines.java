package io.sluice.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/** {@code 2026-11-21T10:15:30.007 INFO  [thread] logger - message}, with the stack trace of what was thrown below it. */
final class FileLines extends Lines {
    private final ZoneId zone = ZoneId.systemDefault();

    @Override
    String text(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        appendTime(line, event.getTimeStamp());
        line.append(' ')
                .append(level(event))
                .append(" [")
                .append(event.getThreadName())
                .append("] ")
                .append(event.getLoggerName())
                .append(" - ")
                .append(event.getFormattedMessage())
                .append(System.lineSeparator());
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append(ThrowableProxyUtil.asString(thrown)).append(System.lineSeparator());
        }
        return line.toString();
    }

    /** By hand: a formatter loads the calendar data of the locale. */
    private void appendTime(StringBuilder line, long milliseconds) {
        LocalDateTime at = LocalDateTime.ofInstant(Instant.ofEpochMilli(milliseconds), zone);
        line.append(at.getYear());
        padded(line.append('-'), at.getMonthValue(), 2);
        padded(line.append('-'), at.getDayOfMonth(), 2);
        padded(line.append('T'), at.getHour(), 2);
        padded(line.append(':'), at.getMinute(), 2);
        padded(line.append(':'), at.getSecond(), 2);
        padded(line.append('.'), at.getNano() / 1_000_000, 3);
    }

    private static void padded(StringBuilder line, int number, int digits) {
        int tens = 10;
        for (int missing = digits - 1; missing > 0; missing--) {
            if (number < tens) {
                line.append("00", 0, missing);
                break;
            }
            tens *= 10;
        }
        line.append(number);
    }
}
