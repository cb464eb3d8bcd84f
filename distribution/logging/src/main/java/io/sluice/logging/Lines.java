package io.sluice.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An event as text in UTF-8. Logback's patterns could say the same, but their converters are as many classes as the rest of logging
 * has, all of them loaded before the broker's first line.
 */
abstract class Lines extends EncoderBase<ILoggingEvent> {
    private static final String SPACES = "     ";

    abstract String text(ILoggingEvent event);

    /** The level, as wide as the widest. */
    static String level(ILoggingEvent event) {
        String level = event.getLevel().levelStr;
        return level.length() >= SPACES.length() ? level : level + SPACES.substring(level.length());
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        return text(event).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte @Nullable [] headerBytes() {
        return null;
    }

    @Override
    public byte @Nullable [] footerBytes() {
        return null;
    }
}
