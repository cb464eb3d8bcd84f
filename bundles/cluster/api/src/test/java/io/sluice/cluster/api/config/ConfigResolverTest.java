package io.sluice.cluster.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.Uuid;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.image.ClusterImage;
import io.sluice.cluster.api.image.ImageBuilder;
import io.sluice.protocol.metadata.ConfigRecord;
import io.sluice.protocol.metadata.TopicRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfigResolverTest {
    private final ImageBuilder builder = new ImageBuilder(ClusterImage.EMPTY);

    @BeforeEach
    void makeTopic() {
        builder.replay(new TopicRecord().setName("t").setTopicId(new Uuid(1, 1)));
    }

    private void set(ConfigResource.Type type, String name, String key, String value) {
        builder.replay(new ConfigRecord()
                .setResourceType(type.code())
                .setResourceName(name)
                .setName(key)
                .setValue(value));
    }

    private ConfigResolver resolver(Map<String, String> staticConfig) {
        return new ConfigResolver(builder.build(0, 1, 1).image(), staticConfig, 1);
    }

    @Test
    void shouldGiveEveryKeyOfTopicItsDefault() {
        Map<String, String> topic = resolver(Map.of()).topic("t");

        assertThat(topic)
                .hasSizeGreaterThan(30)
                .containsEntry("retention.ms", "604800000")
                .containsEntry("segment.ms", "604800000")
                .containsEntry("flush.ms", "9223372036854775807")
                .containsEntry("storage.engine", "segment")
                .doesNotContainKey("internal.segment.bytes");
    }

    @Test
    void shouldConvertTheUnitsOfStaticSynonyms() {
        assertThat(resolver(Map.of("log.retention.hours", "3")).topic("t")).containsEntry("retention.ms", "10800000");
        assertThat(resolver(Map.of("log.retention.hours", "3", "log.retention.minutes", " 1 "))
                        .topic("t"))
                .containsEntry("retention.ms", "60000");
        assertThat(resolver(Map.of("log.retention.minutes", "-1")).topic("t")).containsEntry("retention.ms", "-1");
        assertThat(resolver(Map.of("log.roll.hours", "2147483647")).topic("t"))
                .containsEntry("segment.ms", Long.toString(2147483647L * 3_600_000));
    }

    @Test
    void shouldTakeTheBlanksOutOfLists() {
        set(ConfigResource.Type.TOPIC, "t", "cleanup.policy", " compact , delete ");

        assertThat(resolver(Map.of()).topic("t")).containsEntry("cleanup.policy", "compact,delete");
    }

    @Test
    void shouldLetDefaultGiveWayThatContradictsWhatTheTopicSays() {
        set(ConfigResource.Type.TOPIC, "t", "min.compaction.lag.ms", "10");
        set(ConfigResource.Type.BROKER, "", "log.cleaner.max.compaction.lag.ms", "5");

        assertThat(resolver(Map.of()).topic("t"))
                .containsEntry("min.compaction.lag.ms", "10")
                .containsEntry("max.compaction.lag.ms", "10");
    }

    @Test
    void shouldPreferTopicToBrokerToDefaultBrokerToStatic() {
        Map<String, String> staticConfig = Map.of("log.segment.bytes", "1048577");
        assertThat(resolver(staticConfig).topic("t")).containsEntry("segment.bytes", "1048577");
        set(ConfigResource.Type.BROKER, "", "log.segment.bytes", "1048578");
        assertThat(resolver(staticConfig).topic("t")).containsEntry("segment.bytes", "1048578");
        set(ConfigResource.Type.BROKER, "1", "log.segment.bytes", "1048579");
        set(ConfigResource.Type.BROKER, "2", "log.segment.bytes", "1048590");
        assertThat(resolver(staticConfig).topic("t")).containsEntry("segment.bytes", "1048579");
        set(ConfigResource.Type.TOPIC, "t", "segment.bytes", " 1048580 ");
        assertThat(resolver(staticConfig).topic("t")).containsEntry("segment.bytes", "1048580");
        assertThat(resolver(staticConfig).broker("log.segment.bytes")).isEqualTo("1048579");
    }

    @Test
    void shouldListThePlacesThatSetTopicsKeyInTheirOrder() {
        set(ConfigResource.Type.BROKER, "", "log.retention.ms", "7");
        set(ConfigResource.Type.TOPIC, "t", "retention.ms", "9");
        ResolvedConfig config =
                described(resolver(Map.of("log.retention.hours", "3")).describeTopic("t"), "retention.ms");

        assertThat(config.value()).isEqualTo("9");
        assertThat(config.source()).isEqualTo(ConfigSource.DYNAMIC_TOPIC);
        assertThat(config.synonyms())
                .containsExactly(
                        new ConfigSynonym("retention.ms", "9", ConfigSource.DYNAMIC_TOPIC),
                        new ConfigSynonym("log.retention.ms", "7", ConfigSource.DYNAMIC_DEFAULT_BROKER),
                        new ConfigSynonym("log.retention.hours", "3", ConfigSource.STATIC_BROKER),
                        new ConfigSynonym("log.retention.hours", "168", ConfigSource.DEFAULT));
    }

    @Test
    void shouldDescribeBrokersKeysWithTheirSources() {
        set(ConfigResource.Type.BROKER, "1", "log.cleaner.backoff.ms", "14999");
        List<ResolvedConfig> broker = resolver(Map.of("node.id", "1")).describeBroker();

        ResolvedConfig backoff = described(broker, "log.cleaner.backoff.ms");
        assertThat(backoff.value()).isEqualTo("14999");
        assertThat(backoff.source()).isEqualTo(ConfigSource.DYNAMIC_BROKER);
        assertThat(backoff.readOnly()).isFalse();
        ResolvedConfig node = described(broker, "node.id");
        assertThat(node.source()).isEqualTo(ConfigSource.STATIC_BROKER);
        assertThat(node.readOnly()).isTrue();
        ResolvedConfig retention = described(broker, "log.retention.ms");
        assertThat(retention.value()).isNull();
        assertThat(retention.synonyms()).isEmpty();
    }

    @Test
    void shouldDescribeOnlyWhatIsSetForAllBrokers() {
        set(ConfigResource.Type.BROKER, "", "message.max.bytes", "5");
        set(ConfigResource.Type.BROKER, "1", "max.connections", "5");

        assertThat(resolver(Map.of()).describeDefaultBroker())
                .extracting(ResolvedConfig::name)
                .containsExactly("message.max.bytes");
    }

    private static ResolvedConfig described(List<ResolvedConfig> all, String key) {
        return all.stream()
                .filter(config -> config.name().equals(key))
                .findFirst()
                .orElseThrow();
    }
}
