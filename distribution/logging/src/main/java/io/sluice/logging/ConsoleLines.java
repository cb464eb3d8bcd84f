package io.sluice.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;

/** {@code ERROR Logger - message}: what was thrown is in the file. */
final class ConsoleLines extends Lines {
    @Override
    String text(ILoggingEvent event) {
        String logger = event.getLoggerName();
        return level(event) + ' ' + logger.substring(logger.lastIndexOf('.') + 1) + " - " + event.getFormattedMessage()
                + System.lineSeparator();
    }
}
