package io.sluice.cluster.controller;

import static io.sluice.cluster.controller.ControllerFixture.config;
import static io.sluice.cluster.controller.ControllerFixture.creating;
import static io.sluice.cluster.controller.ControllerFixture.done;
import static io.sluice.cluster.controller.ControllerFixture.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.cluster.api.config.ConfigSource;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableReplicaAssignment;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.sluice.protocol.message.CreateTopicsResponse.CreatableTopicConfigs;
import io.sluice.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicCreationTest {
    private final ControllerFixture fixture = ControllerFixture.registered();

    @Test
    void shouldCreateTopicWithPartitionsLedByTheBroker() {
        CreatableTopicResult result = fixture.create(topic("orders", 3, 1));

        assertThat(result.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(result.numPartitions()).isEqualTo(3);
        assertThat(result.replicationFactor()).isEqualTo((short) 1);
        TopicImage topic = Objects.requireNonNull(fixture.image().topic("orders"));
        assertThat(topic.id()).isEqualTo(result.topicId()).isNotEqualTo(Uuid.ZERO);
        assertThat(fixture.image().topic(topic.id())).isSameAs(topic);
        assertThat(topic.partitions()).containsExactly(partition(0), partition(1), partition(2));
    }

    private static PartitionImage partition(int number) {
        return new PartitionImage(number, List.of(1), List.of(1), 1, 0, 0, List.of(new Uuid(100, 1)));
    }

    @Test
    void shouldTakeDefaultsFromTheBrokersConfiguration() {
        ControllerFixture configured =
                ControllerFixture.registered(Map.of("num.partitions", "4", "log.retention.hours", "2"));
        CreatableTopicResult result = configured.create(topic("t", -1, -1));

        assertThat(result.numPartitions()).isEqualTo(4);
        assertThat(result.replicationFactor()).isEqualTo((short) 1);
        CreatableTopicConfigs retention = configOf(result, "retention.ms");
        assertThat(retention.value()).isEqualTo("7200000");
        assertThat(retention.configSource()).isEqualTo(ConfigSource.STATIC_BROKER.code());
    }

    @Test
    void shouldKeepAndDescribeTheTopicsOwnConfiguration() {
        CreatableTopic topic = topic("t", 1, 1)
                .setConfigs(List.of(config("retention.ms", "1000"), config("storage.engine", "memory")));
        CreatableTopicResult result = fixture.create(topic);

        assertThat(result.errorCode()).isZero();
        assertThat(fixture.image().config(new ConfigResource(ConfigResource.Type.TOPIC, "t")))
                .isEqualTo(Map.of("retention.ms", "1000", "storage.engine", "memory"));
        assertThat(configOf(result, "retention.ms").configSource()).isEqualTo(ConfigSource.DYNAMIC_TOPIC.code());
        assertThat(configOf(result, "segment.bytes").configSource()).isEqualTo(ConfigSource.DEFAULT.code());
        assertThat(configOf(result, "segment.bytes").value()).isEqualTo("1073741824");
    }

    private static CreatableTopicConfigs configOf(CreatableTopicResult result, String key) {
        return Objects.requireNonNull(result.configs()).stream()
                .filter(config -> config.name().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldOnlyValidateWhenAsked() {
        long before = fixture.image().offset();
        CreatableTopicResult result = done(fixture.controller()
                        .createTopics(creating(topic("t", 2, 1)).setValidateOnly(true)))
                .topics()
                .get(0);

        assertThat(result.errorCode()).isZero();
        assertThat(result.numPartitions()).isEqualTo(2);
        assertThat(fixture.image().topic("t")).isNull();
        assertThat(fixture.image().offset()).isEqualTo(before);
    }

    @Test
    void shouldRefuseNumbersThatMakeNoSense() {
        Map<String, CreatableTopicResult> results = fixture.createAll(
                topic("none", 0, 1), topic("negative", -2, 1), topic("unreplicated", 1, 0), topic("wide", 1, 2));

        assertThat(error(results, "none")).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(error(results, "negative")).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(error(results, "unreplicated")).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
        assertThat(error(results, "wide")).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
        assertThat(Objects.requireNonNull(results.get("wide")).errorMessage())
                .contains("only 1 broker(s) are registered");
        assertThat(fixture.image().topics()).isEmpty();
    }

    private static ErrorCode error(Map<String, CreatableTopicResult> results, String topic) {
        return ErrorCode.of(Objects.requireNonNull(results.get(topic)).errorCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a b", "a/b", "ä", "x\n"})
    void shouldRefuseNamesThatAreNotAllowed(String name) {
        assertThat(fixture.create(topic(name, 1, 1)).errorCode()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void shouldAllowNamesUpToTheLimitOnly() {
        assertThat(fixture.create(topic("x".repeat(249), 1, 1)).errorCode()).isZero();
        assertThat(fixture.create(topic("x".repeat(250), 1, 1)).errorCode())
                .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void shouldRefuseNamesThatDifferFromAnExistingOneByDotsOnly() {
        fixture.create(topic("a.b_c", 1, 1));
        CreatableTopicResult result = fixture.create(topic("a_b.c", 1, 1));

        assertThat(result.errorCode()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
        assertThat(result.errorMessage()).contains("a.b_c");
        assertThat(fixture.create(topic("a.b.d", 1, 1)).errorCode()).isZero();
    }

    @Test
    void shouldRefuseTopicThatExists() {
        fixture.create(topic("t", 1, 1));

        assertThat(fixture.create(topic("t", 1, 1)).errorCode()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS.code());
    }

    @Test
    void shouldRefuseTopicNamedTwiceButCreateTheOthers() {
        List<CreatableTopicResult> results = done(fixture.controller()
                        .createTopics(creating(topic("twice", 1, 1), topic("once", 1, 1), topic("twice", 2, 1))))
                .topics();

        assertThat(results).hasSize(2);
        assertThat(results.get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(results.get(1).errorCode()).isZero();
        assertThat(fixture.image().topic("twice")).isNull();
        assertThat(fixture.image().topic("once")).isNotNull();
    }

    @Test
    void shouldNameTheKeyThatIsRefused() {
        CreatableTopicResult unknown =
                fixture.create(topic("t", 1, 1).setConfigs(List.of(config("retention.mss", "1"))));
        CreatableTopicResult tooSmall =
                fixture.create(topic("t", 1, 1).setConfigs(List.of(config("segment.bytes", "1000"))));
        CreatableTopicResult missing = fixture.create(topic("t", 1, 1).setConfigs(List.of(config("flush.ms", null))));

        assertThat(List.of(unknown.errorCode(), tooSmall.errorCode(), missing.errorCode()))
                .containsOnly(ErrorCode.INVALID_CONFIG.code());
        assertThat(unknown.errorMessage()).contains("retention.mss").contains("retention.ms");
        assertThat(tooSmall.errorMessage()).contains("segment.bytes").contains("1048576");
        assertThat(missing.errorMessage()).contains("flush.ms");
    }

    @Test
    void shouldRefuseMorePartitionsThanOneRequestMayCreate() {
        Map<String, CreatableTopicResult> results =
                fixture.createAll(topic("a", Integer.MAX_VALUE, 1), topic("b", 1, 1));

        assertThat(error(results, "a")).isEqualTo(ErrorCode.POLICY_VIOLATION);
        assertThat(error(results, "b")).isEqualTo(ErrorCode.POLICY_VIOLATION);
        assertThat(fixture.image().topics()).isEmpty();
    }

    @Test
    void shouldFollowManualAssignment() {
        fixture.register(2, null);
        CreatableTopicResult result = fixture.create(manual(assignment(1, 2, 1), assignment(0, 1, 2)));

        assertThat(result.errorCode()).isZero();
        List<PartitionImage> partitions =
                Objects.requireNonNull(fixture.image().topic("m")).partitions();
        assertThat(partitions.get(0).replicas()).containsExactly(1, 2);
        assertThat(partitions.get(1).replicas()).containsExactly(2, 1);
        assertThat(partitions.get(1).leader()).isEqualTo(2);
    }

    @Test
    void shouldRefuseManualAssignmentThatIsWrong() {
        fixture.register(2, null);

        assertThat(refusal(manual(assignment(0, 1), assignment(2, 1)))).contains("consecutive");
        assertThat(refusal(manual(assignment(0, 1), assignment(0, 1)))).contains("multiple");
        assertThat(refusal(manual(assignment(0, 1, 2), assignment(1, 1)))).contains("not consistent");
        assertThat(refusal(manual(assignment(0, 1, 1)))).contains("more than once");
        assertThat(refusal(manual(assignment(0, 9)))).contains("no such broker");
        assertThat(refusal(manual(assignment(0)))).contains("empty");
        assertThat(fixture.create(manual(assignment(0, 1)).setNumPartitions(1)).errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(fixture.create(manual(assignment(0, 1)).setReplicationFactor((short) 1))
                        .errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    private String refusal(CreatableTopic topic) {
        CreatableTopicResult result = fixture.create(topic);
        assertThat(result.errorCode()).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT.code());
        return Objects.requireNonNull(result.errorMessage());
    }

    private static CreatableTopic manual(CreatableReplicaAssignment... assignments) {
        return topic("m", -1, -1).setAssignments(List.of(assignments));
    }

    private static CreatableReplicaAssignment assignment(int partition, Integer... brokers) {
        return new CreatableReplicaAssignment().setPartitionIndex(partition).setBrokerIds(List.of(brokers));
    }

    @Test
    void shouldSpreadReplicasOverRacksAndLeadersOverBrokers() {
        ControllerFixture racks = new ControllerFixture();
        racks.register(1, "a");
        racks.register(2, "a");
        racks.register(3, "b");
        racks.register(4, "b");
        racks.create(topic("spread", 8, 2));

        Set<Integer> leaders = new HashSet<>();
        for (PartitionImage partition :
                Objects.requireNonNull(racks.image().topic("spread")).partitions()) {
            leaders.add(partition.leader());
            assertThat(partition.replicas().stream().map(broker -> broker <= 2 ? "a" : "b"))
                    .containsExactlyInAnyOrder("a", "b");
        }
        assertThat(leaders).containsExactlyInAnyOrder(1, 2, 3, 4);
    }
}
