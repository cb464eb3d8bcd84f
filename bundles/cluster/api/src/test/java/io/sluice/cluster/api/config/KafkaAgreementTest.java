package io.sluice.cluster.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.api.config.ConfigKey.Synonym;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.server.config.ConfigSynonym;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;

/** Names, types, defaults, limits and synonyms against Kafka's own definitions. */
class KafkaAgreementTest {
    private static final List<String> SAMPLES = List.of(
            "-131073",
            "-131072",
            "-8",
            "-2",
            "-1",
            "0",
            "1",
            "3",
            "4",
            "9",
            "10",
            "17",
            "18",
            "22",
            "23",
            "1048575",
            "1048576",
            "2147483639",
            "2147483640",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "0.5",
            "1.0",
            "1.01",
            "true",
            "TRUE",
            "yes",
            "",
            " 2000000 ",
            "delete",
            "compact,delete",
            "compact , delete",
            "Compact",
            "delete,",
            "gzip",
            "ZSTD",
            "none",
            "uncompressed",
            "producer",
            "CreateTime",
            "createtime",
            "LogAppendTime",
            "*",
            "0:1",
            "0:1,2:3",
            "a",
            "0:",
            "1e6");

    /** What we refuse although Kafka takes it, because here it could not be obeyed. */
    private static final Set<String> STRICTER =
            Set.of("retention.bytes=-131073", "retention.bytes=-131072", "retention.bytes=-8", "retention.bytes=-2");

    @Test
    void shouldHaveKafkasTypesAndDefaultsForTopics() {
        Map<String, String> different = new LinkedHashMap<>();
        for (ConfigKey key : TopicKeys.CATALOGUE.keys()) {
            ConfigDef.ConfigKey kafka = LogConfig.configKeys().get(key.name());
            if (kafka != null) {
                compare(key, kafka, different);
            }
        }
        assertThat(different).containsOnlyKeys("max.decompressed.message.bytes");
    }

    @Test
    void shouldHaveEveryBrokerKeyOfKafkaWithItsTypeAndDefault() {
        Map<String, String> different = new LinkedHashMap<>();
        Set<String> missing = new TreeSet<>();
        for (ConfigDef.ConfigKey kafka :
                AbstractKafkaConfig.CONFIG_DEF.configKeys().values()) {
            ConfigKey key = BrokerKeys.CATALOGUE.key(kafka.name);
            if (key != null) {
                compare(key, kafka, different);
            } else if (!kafka.internalConfig) {
                missing.add(kafka.name);
            }
        }
        assertThat(missing).isEmpty();
        assertThat(different)
                .containsOnlyKeys(
                        "max.decompressed.message.bytes",
                        "log.dir",
                        "listeners",
                        "listener.security.protocol.map",
                        "node.id",
                        "socket.send.buffer.bytes");
    }

    @Test
    void shouldHaveEveryGroupKeyOfKafkaWithItsTypeAndBrokerKey() {
        Set<String> missing = new TreeSet<>();
        for (String name : GroupConfig.configNames()) {
            ConfigKey key = GroupKeys.CATALOGUE.key(name);
            if (key == null) {
                missing.add(name);
                continue;
            }
            assertThat(key.type().name())
                    .as(name)
                    .isEqualTo(GroupConfig.configType(name).orElseThrow().name());
            GroupConfig.brokerSynonym(name)
                    .filter(synonym -> !synonym.equals(name))
                    .ifPresent(synonym -> assertThat(key.synonyms().stream().map(Synonym::name))
                            .as(name)
                            .containsExactly(synonym));
        }
        missing.removeIf(GroupConfig::isInternal);
        assertThat(missing).isEmpty();
    }

    private static void compare(ConfigKey key, ConfigDef.ConfigKey kafka, Map<String, String> different) {
        assertThat(key.type().name()).as(key.name()).isEqualTo(kafka.type.name());
        String expected = kafka.defaultValue == null || !kafka.hasDefault()
                ? null
                : ConfigDef.convertToString(kafka.defaultValue, kafka.type);
        if (expected == null ? key.defaultValue() != null : !expected.equals(key.defaultValue())) {
            different.put(key.name(), key.defaultValue() + " instead of " + expected);
        }
    }

    @Test
    void shouldTakeAndRefuseTheSameValuesForTopics() {
        Set<String> different = new TreeSet<>();
        for (ConfigKey key : TopicKeys.CATALOGUE.keys()) {
            boolean internal = key.name().startsWith("internal.");
            if (internal || isTiered(key.name()) || !LogConfig.configKeys().containsKey(key.name())) {
                continue;
            }
            for (String value : SAMPLES) {
                boolean ours = TopicKeys.CATALOGUE.problem(Map.of(key.name(), value)) == null;
                if (ours != kafkaTakes(key.name(), value)) {
                    different.add(key.name() + "=" + value);
                }
            }
        }
        assertThat(different).isEqualTo(new TreeSet<>(STRICTER));
    }

    private static boolean isTiered(String key) {
        return key.startsWith("remote.") || key.startsWith("local.retention.");
    }

    @Test
    void shouldRefuseTieredStorageByName() {
        int tiered = 0;
        for (ConfigKey key : TopicKeys.CATALOGUE.keys()) {
            if (isTiered(key.name())) {
                tiered++;
                String value = key.type() == ConfigType.BOOLEAN ? "true" : "12345";
                assertThat(TopicKeys.CATALOGUE.problem(Map.of(key.name(), value)))
                        .contains(key.name())
                        .contains("tiered storage");
                assertThat(TopicKeys.CATALOGUE.problem(Map.of(key.name(), String.valueOf(key.defaultValue()))))
                        .isNull();
            }
        }
        assertThat(tiered).isEqualTo(7);
    }

    private static boolean kafkaTakes(String key, String value) {
        try {
            LogConfig.validate(Map.of(key, value));
            return true;
        } catch (ConfigException | InvalidConfigurationException e) {
            return false;
        }
    }

    @Test
    void shouldHaveKafkasSynonyms() {
        for (ConfigKey key : TopicKeys.CATALOGUE.keys()) {
            List<ConfigSynonym> kafka = ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS.get(key.name());
            if (kafka != null) {
                assertThat(key.synonyms().stream().map(Synonym::name))
                        .as(key.name())
                        .containsExactlyElementsOf(
                                kafka.stream().map(ConfigSynonym::name).toList());
            }
        }
    }

    @Test
    void shouldKnowAllOfKafkasTopicKeys() {
        Set<String> missing = new TreeSet<>(LogConfig.configNames());
        TopicKeys.CATALOGUE.keys().forEach(key -> missing.remove(key.name()));

        assertThat(missing).isEmpty();
    }
}
