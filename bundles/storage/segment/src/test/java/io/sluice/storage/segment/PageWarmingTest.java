package io.sluice.storage.segment;

import static io.sluice.storage.kit.EngineFixture.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.kit.EngineFixture;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PageWarmingTest {
    private static final String VALUE = "v".repeat(100_000);
    private static final int RECORDS = 100;

    @TempDir
    Path folder;

    @Test
    void shouldCallWarmWhatWasWrittenAndColdWhatWasThereBefore() throws IOException {
        EngineFixture fixture = new EngineFixture(new SegmentEngineFactory(), folder);
        LogStore log = fixture.store();
        for (int i = 0; i < RECORDS; i++) {
            append(log, fixture.time().milliseconds(), VALUE);
        }
        assertThat(log.isWarm(0L, 1 << 20)).isTrue();
        assertThat(log.isWarm(RECORDS - 1L, 1)).isTrue();
        log.close();
        fixture.restart();
        LogStore again = fixture.store();
        assertThat(again.isWarm(0L, 1 << 20)).isFalse();
        append(again, fixture.time().milliseconds(), VALUE);
        assertThat(again.isWarm(RECORDS - 1L, 1))
                .as("the end of what was there before")
                .isFalse();
        again.close();
        fixture.engine().close();
    }

    @Test
    void shouldMakeARangeWarmInSteps() throws IOException {
        EngineFixture fixture = new EngineFixture(new SegmentEngineFactory(), folder);
        LogStore log = fixture.store();
        for (int i = 0; i < RECORDS; i++) {
            append(log, fixture.time().milliseconds(), VALUE);
        }
        log.close();
        fixture.restart();
        LogStore again = fixture.store();
        assertThat(again.warm(0L, 9 << 20)).as("after the first step").isFalse();
        assertThat(again.isWarm(0L, 1 << 20)).isTrue();
        assertThat(again.isWarm(0L, 9 << 20)).isFalse();
        int steps = 1;
        while (!again.warm(0L, 9 << 20)) {
            steps++;
        }
        assertThat(steps).isBetween(2, 3);
        assertThat(again.isWarm(0L, 9 << 20)).isTrue();
        LogRead read = again.read(0L, 9 << 20, RECORDS, true);
        assertThat(read.records().sizeInBytes()).isBetween(8 << 20, 9 << 20);
        read.records().release();
        again.close();
        fixture.engine().close();
    }
}
