package io.sluice.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/** Lets errors pass once the broker is ready; what goes wrong before is in the log file, and the launcher says it. */
final class ErrorsOnceReady extends Filter<ILoggingEvent> {
    @Override
    public FilterReply decide(ILoggingEvent event) {
        return event.getLevel().isGreaterOrEqual(Level.ERROR) && Boolean.getBoolean("sluice.ready")
                ? FilterReply.NEUTRAL
                : FilterReply.DENY;
    }
}
