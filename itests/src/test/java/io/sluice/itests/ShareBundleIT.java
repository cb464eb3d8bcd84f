package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Share groups are a bundle: without it they are not offered and their ids are taken; and what they give up goes to a dead-letter topic. */
class ShareBundleIT {
    private static final String BUNDLE = "io.sluice.coordinator.share";
    private static final String TOPIC = "shared";
    private static final Set<ApiKeys> APIS = Set.of(
            ApiKeys.SHARE_GROUP_HEARTBEAT,
            ApiKeys.SHARE_GROUP_DESCRIBE,
            ApiKeys.SHARE_FETCH,
            ApiKeys.SHARE_ACKNOWLEDGE,
            ApiKeys.INITIALIZE_SHARE_GROUP_STATE,
            ApiKeys.READ_SHARE_GROUP_STATE,
            ApiKeys.WRITE_SHARE_GROUP_STATE,
            ApiKeys.DELETE_SHARE_GROUP_STATE,
            ApiKeys.READ_SHARE_GROUP_STATE_SUMMARY,
            ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS,
            ApiKeys.ALTER_SHARE_GROUP_OFFSETS,
            ApiKeys.DELETE_SHARE_GROUP_OFFSETS);

    @TempDir
    Path folder;

    @Test
    void shouldOfferShareGroupsOnlyWhileTheBundleIsThereAndKeepTheirIds() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"), "offsets.topic.num.partitions=1")) {
            Clients.createTopic(broker.bootstrap(), TOPIC, 1, Map.of());
            Coordinators.await(broker.bootstrap());
            assertThat(offered(broker)).isEqualTo(APIS);
            try (RawClient client = new RawClient(broker.port())) {
                ShareRequests.member(client, "sharers", TOPIC);
            }

            broker.must("plugin:remove", BUNDLE, "--yes");
            await().atMost(Duration.ofSeconds(20)).until(() -> offered(broker).isEmpty());
            assertThat(consumerJoins(broker, "sharers")).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
            assertThat(consumerJoins(broker, "others")).isEqualTo(Errors.NONE);
            broker.kill();
            broker.start();
            Coordinators.await(broker.bootstrap());
            assertThat(offered(broker)).isEmpty();
            assertThat(consumerJoins(broker, "sharers")).isEqualTo(Errors.GROUP_ID_NOT_FOUND);

            broker.must("plugin:install", PluginJar.inDistribution(BUNDLE).toString(), "--yes");
            await().atMost(Duration.ofSeconds(20)).until(() -> offered(broker).equals(APIS));
            try (RawClient client = new RawClient(broker.port())) {
                await().atMost(Duration.ofSeconds(20)).until(() -> describe(client, "sharers") == Errors.NONE);
                assertThat(describe(client, "others")).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
            }
        }
    }

    private static Set<ApiKeys> offered(BrokerProcess broker) throws Exception {
        ApiVersionsRequestData request =
                new ApiVersionsRequestData().setClientSoftwareName("raw").setClientSoftwareVersion("1");
        Set<ApiKeys> offered = new TreeSet<>();
        try (RawClient client = new RawClient(broker.port())) {
            ((ApiVersionsResponseData) client.ask(request, (short) 4)).apiKeys().forEach(api -> {
                if (APIS.contains(ApiKeys.forId(api.apiKey()))) {
                    offered.add(ApiKeys.forId(api.apiKey()));
                }
            });
        }
        return offered;
    }

    private static Errors consumerJoins(BrokerProcess broker, String group) throws Exception {
        try (RawClient client = new RawClient(broker.port())) {
            return Errors.forCode(ErrorCodes.of(client, GroupRequests.consumerJoin(group, TOPIC), 1));
        }
    }

    private static Errors describe(RawClient client, String group) throws Exception {
        return Errors.forCode(
                ErrorCodes.of(client, new ShareGroupDescribeRequestData().setGroupIds(List.of(group)), 1));
    }

    private static void configure(String bootstrap, String group, String... settings) throws Exception {
        List<AlterConfigOp> ops = new ArrayList<>();
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            ops.add(new AlterConfigOp(new ConfigEntry(parts[0], parts[1]), AlterConfigOp.OpType.SET));
        }
        try (Admin admin = Clients.admin(bootstrap)) {
            Map<ConfigResource, Collection<AlterConfigOp>> change =
                    Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), ops);
            admin.incrementalAlterConfigs(change).all().get();
        }
    }

    private static void write(String bootstrap, int records) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(bootstrap)) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(TOPIC, bytes("key-" + i), bytes("value-" + i)));
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Reads so many records, and says the same of each. */
    private static void acknowledge(String bootstrap, String group, int records, AcknowledgeType type) {
        try (KafkaShareConsumer<byte[], byte[]> consumer = new KafkaShareConsumer<>(
                Clients.properties(bootstrap, "group.id", group, "share.acknowledgement.mode", "explicit"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            int[] seen = {0};
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                            consumer.acknowledge(record, type);
                            seen[0]++;
                        }
                        consumer.commitSync();
                        return seen[0] >= records;
                    });
        }
    }

    @Test
    void shouldSendWhatIsRejectedToTheDeadLetterTopicWithWhereItCameFrom() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), TOPIC, 1, Map.of());
            Clients.createTopic(
                    broker.bootstrap(), "dlq.shared", 1, Map.of("errors.deadletterqueue.group.enable", "true"));
            configure(
                    broker.bootstrap(),
                    "rejecters",
                    "share.auto.offset.reset=earliest",
                    "errors.deadletterqueue.topic.name=dlq.shared",
                    "errors.deadletterqueue.copy.record.enable=true");
            write(broker.bootstrap(), 2);
            acknowledge(broker.bootstrap(), "rejecters", 2, AcknowledgeType.REJECT);

            Map<String, ConsumerRecord<byte[], byte[]>> letters = new HashMap<>();
            try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker.bootstrap())) {
                consumer.assign(List.of(new TopicPartition("dlq.shared", 0)));
                await().atMost(Duration.ofSeconds(30)).until(() -> {
                    consumer.poll(Duration.ofMillis(200)).forEach(record -> letters.put(text(record.key()), record));
                    return letters.size() == 2;
                });
            }
            for (int i = 0; i < 2; i++) {
                ConsumerRecord<byte[], byte[]> letter = letters.get("key-" + i);
                assertThat(text(letter.value())).isEqualTo("value-" + i);
                Map<String, String> headers = new HashMap<>();
                letter.headers().forEach(header -> headers.put(header.key(), text(header.value())));
                assertThat(headers)
                        .containsEntry("__dlq.errors.topic", TOPIC)
                        .containsEntry("__dlq.errors.partition", "0")
                        .containsEntry("__dlq.errors.offset", Integer.toString(i))
                        .containsEntry("__dlq.errors.group", "rejecters");
            }
        }
    }
}
