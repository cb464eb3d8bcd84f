package io.sluice.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.storage.api.LogStore;
import io.sluice.storage.kit.Batches;
import io.sluice.storage.kit.EngineFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
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
    void shouldKeepTheLastRecordOfEachKey() throws IOException {
        EngineFixture engine = new EngineFixture(new MemoryEngineFactory(100_000), data);
        LogStore store = engine.store("cleanup.policy", "compact", "internal.segment.bytes", "400");
        for (int i = 0; i < 100; i++) {
            ByteBuffer batch = Batches.keyed(engine.time().milliseconds(), "k" + i % 4, "v" + i);
            batch.putLong(0, i);
            store.append(batch, i, i, engine.time().milliseconds(), i);
        }
        long size = store.sizeInBytes();
        assertThat(store.maintain(100).compactedBytes()).isPositive();
        assertThat(store.sizeInBytes()).isLessThan(size / 4);
        assertThat(store.logEndOffset()).isEqualTo(100);
        Map<String, String> latest = new HashMap<>();
        for (Batches.Read read : EngineFixture.readAll(store, 0, 500)) {
            latest.put(String.valueOf(read.key()), String.valueOf(read.value()));
        }
        assertThat(latest)
                .containsOnly(
                        Map.entry("k0", "v96"), Map.entry("k1", "v97"), Map.entry("k2", "v98"), Map.entry("k3", "v99"));
        assertThat(store.maintain(100).compactedBytes()).isZero();
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
