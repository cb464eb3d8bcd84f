package io.sluice.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.storage.api.LogStore;
import io.sluice.storage.kit.EngineFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemoryEngineTest {
    @TempDir
    Path data;

    @Test
    void shouldRefuseWhatPassesItsBudgetAndGoOnOnceThereIsRoom() throws IOException {
        EngineFixture engine = new EngineFixture(new MemoryEngineFactory(2_000), data);
        LogStore store = engine.store("internal.segment.bytes", "500", "retention.bytes", "500");
        String value = "x".repeat(300);
        for (int i = 0; i < 5; i++) {
            EngineFixture.append(store, engine.time().milliseconds(), value);
        }
        assertThatThrownBy(() -> EngineFixture.append(store, engine.time().milliseconds(), value))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("max.bytes");
        assertThat(store.logEndOffset()).isEqualTo(5);
        store.maintain(5);
        EngineFixture.append(store, engine.time().milliseconds(), value);
        assertThat(EngineFixture.values(store)).endsWith(value);
    }

    @Test
    void shouldHandOverTypesOfTheJdkOnly() throws IOException {
        EngineFixture engine = new EngineFixture(new MemoryEngineFactory(100_000), data);
        EngineFixture.append(engine.store(), engine.time().milliseconds(), "a");
        assertOfTheJdk(engine.engine().handOver());
    }

    private static void assertOfTheJdk(Object value) {
        assertThat(value.getClass().getClassLoader()).isNull();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> assertOfTheJdk(inner));
        } else if (value instanceof List<?> list) {
            list.forEach(MemoryEngineTest::assertOfTheJdk);
        }
    }
}
