package io.sluice.storage.segment;

import static io.sluice.storage.kit.EngineFixture.append;
import static io.sluice.storage.kit.EngineFixture.config;
import static io.sluice.storage.kit.EngineFixture.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.kit.EngineFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OpenFilesTest {
    private static final int LOGS = 3_000;

    @TempDir
    Path data;

    @Test
    void shouldHoldFarFewerFilesThanThereAreLogs() throws IOException {
        EngineFixture engine = new EngineFixture(new SegmentEngineFactory(), data);
        List<SegmentedLog> logs = new ArrayList<>();
        for (int i = 0; i < LOGS; i++) {
            TopicIdPartition partition = new TopicIdPartition(new Uuid(3L, 1L), "many", i);
            SegmentedLog log = (SegmentedLog) engine.engine().open(partition, config());
            append(log, engine.time().milliseconds(), "v" + i);
            logs.add(log);
            engine.scheduler().runPending();
            assertThat(open(logs.subList(Math.max(0, i - 1), i + 1)))
                    .as("what was just used stays open")
                    .isPositive();
        }
        assertThat(open(logs)).isLessThan(LOGS / 2);
        for (int i = 0; i < LOGS; i++) {
            assertThat(values(logs.get(i))).containsExactly("v" + i);
            engine.scheduler().runPending();
        }
        assertThat(open(logs)).isLessThan(LOGS / 2 + LOGS / 4);
        engine.engine().close();
    }

    private static int open(List<SegmentedLog> logs) {
        return logs.stream().mapToInt(SegmentedLog::openFiles).sum();
    }
}
