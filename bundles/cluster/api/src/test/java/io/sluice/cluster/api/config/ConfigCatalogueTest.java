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
                .isEqualTo("Invalid value 5 for configuration segment.bytes: Value must be at least 1048576");
        assertThat(TopicKeys.CATALOGUE.problem(Map.of("segment.bytes", "much"))).contains("Not a number of type INT");
        assertThat(TopicKeys.CATALOGUE.problem(Map.of("cleanup.policy", "delete,burn")))
                .contains("compact, delete");
    }

    @Test
    void shouldExplainEveryKeyAndAllowItsDefault() {
        List<ConfigKey> all = new ArrayList<>(TopicKeys.CATALOGUE.keys());
        all.addAll(BrokerKeys.CATALOGUE.keys());
        all.addAll(GroupKeys.CATALOGUE.keys());
        all.addAll(ClientMetricsKeys.CATALOGUE.keys());
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
    void shouldTakeKafkasOwnFilesButNoAuthorizerThatWouldNotRun() {
        Map<String, String> kafkas = Map.of(
                "process.roles", "broker,controller",
                "controller.quorum.voters", "1@localhost:9093",
                "controller.listener.names", "CONTROLLER",
                "num.io.threads", "8");

        assertThat(BrokerKeys.CATALOGUE.problem(kafkas)).isNull();
        assertThat(BrokerKeys.withoutEffect(kafkas)).hasSize(4);
        assertThat(BrokerKeys.CATALOGUE.problem(Map.of("authorizer.class.name", "a.B")))
                .contains("authorizer.type");
        assertThat(BrokerKeys.CATALOGUE.problem(Map.of("group.share.max.size", "1001")))
                .isEqualTo("Invalid value 1001 for configuration group.share.max.size: Value must be between 1 and"
                        + " 1000");
        assertThat(BrokerKeys.CATALOGUE.problem(Map.of("ssl.key.password", "secret")))
                .isNull();
    }

    @Test
    void shouldHoldGroupsToTheLimitsOfTheBroker() {
        Map<String, String> broker =
                Map.of("group.share.min.session.timeout.ms", "10", "group.share.max.session.timeout.ms", "20");

        assertThat(GroupKeys.beyond(Map.of("share.session.timeout.ms", "21"), broker::get))
                .isEqualTo("share.session.timeout.ms must be in the range 10 to 20 inclusive.");
        assertThat(GroupKeys.beyond(Map.of("share.session.timeout.ms", "20"), broker::get))
                .isNull();
        assertThat(GroupKeys.beyond(
                        Map.of("streams.num.standby.replicas", "3"),
                        Map.of("group.streams.max.standby.replicas", "2")::get))
                .isEqualTo("streams.num.standby.replicas must be less than or equal to 2");
        assertThat(GroupKeys.CATALOGUE.problem(Map.of("share.auto.offset.reset", "by_duration:PT1H")))
                .isNull();
        assertThat(GroupKeys.CATALOGUE.problem(Map.of("share.auto.offset.reset", "by_duration:-PT1H")))
                .isNotNull();
        assertThat(GroupKeys.CATALOGUE.problem(Map.of("share.auto.offset.reset", "by_duration:x")))
                .isNotNull();
    }

    @Test
    void shouldKnowWhichClientsASubscriptionCanMean() {
        assertThat(ClientMetricsKeys.problem(Map.of("match", "client_id=a.*, client_source_port=9092")))
                .isNull();
        assertThat(ClientMetricsKeys.problem(Map.of("match", "client_id=[")))
                .isEqualTo("Illegal client matching pattern: client_id=[");
        assertThat(ClientMetricsKeys.problem(Map.of("match", "color=red")))
                .isEqualTo("Illegal client matching pattern: color=red");
        assertThat(ClientMetricsKeys.intervalProblem(Map.of("interval.ms", "100")))
                .isNull();
        assertThat(ClientMetricsKeys.intervalProblem(Map.of("interval.ms", "3600001")))
                .contains("between 100 and 3600000");
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

    @Test
    void shouldHoldKeysOfShareGroupsToEachOtherAndToTheirDefaults() {
        assertThat(BrokerKeys.conflict(Map.of())).isNull();
        assertThat(BrokerKeys.conflict(Map.of("group.share.record.lock.duration.ms", "5000")))
                .isEqualTo("group.share.record.lock.duration.ms (5000) must be greater than or equal to"
                        + " group.share.min.record.lock.duration.ms (15000)");
        assertThat(BrokerKeys.conflict(Map.of("group.share.max.share.sessions", "100")))
                .isEqualTo("group.share.max.share.sessions (100) must be greater than or equal to"
                        + " group.share.max.size (200)");
        assertThat(BrokerKeys.conflict(Map.of(
                        "group.share.max.heartbeat.interval.ms", "50000",
                        "group.share.heartbeat.interval.ms", "45000")))
                .isEqualTo("group.share.heartbeat.interval.ms (45000) must be less than"
                        + " group.share.session.timeout.ms (45000)");
    }

    @Test
    void shouldKnowEveryKeyOfKafkasShareCoordinator() {
        Map<String, String> defaults = Map.ofEntries(
                Map.entry("share.coordinator.state.topic.num.partitions", "50"),
                Map.entry("share.coordinator.state.topic.replication.factor", "3"),
                Map.entry("share.coordinator.state.topic.min.isr", "2"),
                Map.entry("share.coordinator.state.topic.segment.bytes", "104857600"),
                Map.entry("share.coordinator.threads", "1"),
                Map.entry("share.coordinator.snapshot.update.records.per.snapshot", "500"),
                Map.entry("share.coordinator.load.buffer.size", "5242880"),
                Map.entry("share.coordinator.state.topic.compression.codec", "0"),
                Map.entry("share.coordinator.append.linger.ms", "-1"),
                Map.entry("share.coordinator.write.timeout.ms", "5000"),
                Map.entry("share.coordinator.state.topic.prune.interval.ms", "300000"),
                Map.entry("share.coordinator.cold.partition.snapshot.interval.ms", "300000"),
                Map.entry("share.coordinator.cached.buffer.max.bytes", "1048588"),
                Map.entry("group.share.initialize.retry.interval.ms", "30000"),
                Map.entry("group.share.assignor.offload.enable", "true"),
                Map.entry(
                        "group.share.persister.class.name",
                        "org.apache.kafka.server.share.persister.DefaultStatePersister"));

        defaults.forEach((name, value) -> {
            ConfigKey key = Objects.requireNonNull(BrokerKeys.CATALOGUE.key(name), name);
            assertThat(key.defaultValue()).as(name).isEqualTo(value);
        });
        assertThat(BrokerKeys.CATALOGUE.problem(Map.of("share.coordinator.state.topic.prune.interval.ms", "0")))
                .contains("prune.interval.ms", "at least 1");
        assertThat(BrokerKeys.CATALOGUE.problem(Map.of("group.share.persister.class.name", "a.B")))
                .contains("group.share.persister.class.name");
        assertThat(BrokerKeys.withoutEffect(Map.of(
                        "share.coordinator.state.topic.prune.interval.ms", "1",
                        "share.coordinator.cold.partition.snapshot.interval.ms", "1")))
                .containsExactly("share.coordinator.cold.partition.snapshot.interval.ms");
    }
}
