package io.sluice.cluster.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConfigCatalogueTest {
    @Test
    void shouldRefuseUnknownKeyByNameWithTheNearestOne() {
        assertThat(TopicKeys.CATALOGUE.problem(Map.of("retention.hours", "1")))
                .contains("retention.hours")
                .contains("the nearest known one is retention.bytes");
        assertThat(BrokerKeys.CATALOGUE.nearest("log.cleaner.backof.ms")).isEqualTo("log.cleaner.backoff.ms");
        assertThat(TopicKeys.CATALOGUE.nearest("x".repeat(100_000))).isNotEmpty();
    }

    @Test
    void shouldSayWhichValueOfWhichKeyIsRefusedAndWhy() {
        assertThat(TopicKeys.CATALOGUE.problem(Map.of("segment.bytes", "5")))
                .isEqualTo("Invalid value 5 for configuration segment.bytes: must be at least 1048576");
        assertThat(TopicKeys.CATALOGUE.problem(Map.of("segment.bytes", "much"))).contains("not a number of type INT");
        assertThat(TopicKeys.CATALOGUE.problem(Map.of("cleanup.policy", "delete,burn")))
                .contains("compact, delete");
    }

    @Test
    void shouldExplainEveryKeyAndAllowItsDefault() {
        List<ConfigKey> all = new ArrayList<>(TopicKeys.CATALOGUE.keys());
        all.addAll(BrokerKeys.CATALOGUE.keys());
        for (ConfigKey key : all) {
            assertThat(key.documentation())
                    .as(key.name())
                    .hasSizeGreaterThan(20)
                    .endsWith(".");
            String value = key.defaultValue();
            if (value != null) {
                assertThat(key.problem(value)).as(key.name()).isNull();
            }
        }
    }

    @Test
    void shouldOnlyHaveSynonymsThatAreBrokerKeys() {
        for (ConfigKey key : TopicKeys.CATALOGUE.keys()) {
            key.synonyms().forEach(synonym -> assertThat(BrokerKeys.CATALOGUE.key(synonym.name()))
                    .as(synonym.name())
                    .isNotNull());
        }
    }

    @Test
    void shouldTellDynamicKeysFromThoseThatAreReadAtStart() {
        assertThat(mode("log.cleaner.backoff.ms")).isEqualTo(UpdateMode.CLUSTER_WIDE);
        assertThat(mode("log.retention.ms")).isEqualTo(UpdateMode.CLUSTER_WIDE);
        assertThat(mode("log.retention.hours")).isEqualTo(UpdateMode.READ_ONLY);
        assertThat(mode("node.id")).isEqualTo(UpdateMode.READ_ONLY);
    }

    private static UpdateMode mode(String key) {
        return Objects.requireNonNull(BrokerKeys.CATALOGUE.key(key)).updateMode();
    }

    @Test
    void shouldNameGivenKeysThatNothingObeys() {
        assertThat(BrokerKeys.withoutEffect(Map.of("replica.lag.time.max.ms", "5", "num.partitions", "3", "x", "y")))
                .containsExactly("replica.lag.time.max.ms");
        BrokerKeys.CATALOGUE.keys().stream()
                .filter(key -> key.effect() == Effect.NONE)
                .forEach(key -> assertThat(key.updateMode()).isEqualTo(UpdateMode.READ_ONLY));
    }

    @Test
    void shouldFindKeysThatContradictEachOther() {
        assertThat(TopicKeys.conflict(Map.of("min.compaction.lag.ms", "10", "max.compaction.lag.ms", "5")))
                .contains("min.compaction.lag.ms (10)");
        assertThat(TopicKeys.conflict(Map.of("min.compaction.lag.ms", "5", "max.compaction.lag.ms", "5")))
                .isNull();
        assertThat(BrokerKeys.conflict(
                        Map.of("group.min.session.timeout.ms", "10", "group.max.session.timeout.ms", "5")))
                .contains("group.min.session.timeout.ms (10)");
    }
}
