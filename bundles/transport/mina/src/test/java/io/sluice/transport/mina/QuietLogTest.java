package io.sluice.transport.mina;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.base.Time;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class QuietLogTest {
    private final AtomicLong nanoseconds = new AtomicLong(-5L);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.sluice.transport.mina.QuietLogTest");
    private final QuietLog log = new QuietLog(logger, new Time() {
        @Override
        public long milliseconds() {
            return nanoseconds.get() / 1_000_000L;
        }

        @Override
        public long nanoseconds() {
            return nanoseconds.get();
        }
    });

    @BeforeEach
    void listen() {
        lines.start();
        logger.setAdditive(false);
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @Test
    void shouldWriteTenLinesForAMillionInOneSecond() {
        for (int i = 0; i < 1_000_000; i++) {
            log.info("a bad frame");
        }
        assertThat(lines.list).hasSize(10).allMatch(line -> line.getFormattedMessage()
                .equals("a bad frame"));
    }

    @Test
    void shouldSayInTheNextSecondHowManyWereLeftOut() {
        for (int i = 0; i < 15; i++) {
            log.info("a bad frame");
        }
        nanoseconds.addAndGet(1_000_000_000L);
        log.error("another", new IllegalStateException("on purpose"));
        log.info("and one more");

        assertThat(lines.list).hasSize(12);
        assertThat(lines.list.get(10).getFormattedMessage())
                .isEqualTo("another (5 lines like this were left out before)");
        assertThat(lines.list.get(11).getFormattedMessage()).isEqualTo("and one more");
    }

    @Test
    void shouldSayAtTheEndHowManyWereLeftOut() {
        for (int i = 0; i < 17; i++) {
            log.info("a bad frame");
        }
        log.close();
        log.close();

        assertThat(lines.list).hasSize(11);
        assertThat(lines.list.get(10).getFormattedMessage()).isEqualTo("7 lines about connections were left out");
    }
}
