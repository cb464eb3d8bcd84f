package io.sluice.storage.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.protocol.record.TimestampType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogConfigTest {
    @Test
    void shouldHaveADefaultForEveryName() {
        assertThat(LogConfig.from(TopicConfigs.defaults())).isEqualTo(LogConfig.DEFAULTS);
        assertThat(LogConfig.DEFAULTS.retentionMs()).isEqualTo(604_800_000L);
        assertThat(LogConfig.DEFAULTS.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
        assertThat(LogConfig.DEFAULTS.cleanupDelete()).isTrue();
        assertThat(LogConfig.DEFAULTS.cleanupCompact()).isFalse();
    }

    @Test
    void shouldReadBothPolicies() {
        LogConfig config = LogConfig.from(Map.of("cleanup.policy", "compact, delete"));
        assertThat(config.cleanupDelete()).isTrue();
        assertThat(config.cleanupCompact()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "segment.bytes, 1000",
        "segment.bytes, many",
        "retention.ms, -2",
        "cleanup.policy, burn",
        "compression.type, brotli",
        "message.timestamp.type, Never",
        "min.cleanable.dirty.ratio, 1.5",
        "unclean.leader.election.enable, maybe",
        "preallocate, maybe",
        "compression.gzip.level, 0",
        "record.validation, none",
        "min.insync.replicas, 0"
    })
    void shouldRefuseAWrongValueAndNameItsKey(String key, String value) {
        assertThatThrownBy(() -> LogConfig.from(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(value);
    }

    @Test
    void shouldRefuseCompactionLagsThatContradictEachOther() {
        assertThatThrownBy(() -> LogConfig.from(Map.of("min.compaction.lag.ms", "10", "max.compaction.lag.ms", "5")))
                .hasMessageContaining("min.compaction.lag.ms");
    }
}
