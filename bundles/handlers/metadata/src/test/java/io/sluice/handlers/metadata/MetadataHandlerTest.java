package io.sluice.handlers.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.BrokerImage;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.protocol.message.MetadataRequest;
import io.sluice.protocol.message.MetadataRequest.MetadataRequestTopic;
import io.sluice.protocol.message.MetadataResponse;
import io.sluice.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.sluice.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.sluice.request.kit.MemoryBroker;
import io.sluice.request.kit.MemoryController;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import io.sluice.security.api.ResourceType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataHandlerTest {
    private static final int NEWEST = ApiKey.METADATA.highestStableVersion();
    private static final int READ_WRITE_CREATE_DELETE_ALTER_DESCRIBE_AND_CONFIGS = 0b1101_1111_1000;

    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MemoryBroker broker = new MemoryBroker();
    private final MemoryController controller = new MemoryController(metadata);
    private final MetadataHandler handler = new MetadataHandler(metadata, broker, controller);

    private RecordingRequest ask(int version, MetadataRequest asked) {
        RecordingRequest request = RecordingRequest.of(version, asked);
        handler.handle(request);
        return request;
    }

    private static MetadataRequest named(String... names) {
        MetadataRequest request = new MetadataRequest();
        for (String name : names) {
            request.topics().add(new MetadataRequestTopic().setName(name));
        }
        return request;
    }

    private static MetadataRequest byId(Uuid id) {
        MetadataRequest request = new MetadataRequest();
        request.topics().add(new MetadataRequestTopic().setName(null).setTopicId(id));
        return request;
    }

    private MetadataResponseTopic onlyTopic(int version, MetadataRequest asked) {
        MetadataResponse response = ask(version, asked).response(MetadataResponse.class);
        assertThat(response.topics()).hasSize(1);
        return response.topics().get(0);
    }

    @Test
    void shouldDescribeBrokersTopicsAndPartitionsInEveryVersion() {
        TopicImage topic = metadata.topic("orders", 2);
        for (int version = 0; version <= NEWEST; version++) {
            MetadataResponse response = ask(version, named("orders")).response(MetadataResponse.class);

            assertThat(response.brokers()).hasSize(1);
            assertThat(response.brokers().get(0).nodeId()).isEqualTo(1);
            assertThat(response.brokers().get(0).host()).isEqualTo("127.0.0.1");
            assertThat(response.brokers().get(0).port()).isEqualTo(19092);
            MetadataResponseTopic described = response.topics().get(0);
            assertThat(described.errorCode()).isZero();
            assertThat(described.name()).isEqualTo("orders");
            assertThat(described.topicId()).isEqualTo(version >= 10 ? topic.id() : Uuid.ZERO);
            assertThat(described.isInternal()).isFalse();
            assertThat(described.partitions())
                    .extracting(MetadataResponsePartition::partitionIndex)
                    .containsExactly(0, 1);
            assertThat(described.partitions().get(1).leaderId()).isEqualTo(1);
            assertThat(described.partitions().get(1).replicaNodes()).containsExactly(1);
            assertThat(response.controllerId()).isEqualTo(version >= 1 ? 1 : -1);
            assertThat(response.clusterId()).isEqualTo(version >= 2 ? MemoryBroker.CLUSTER_ID : null);
        }
    }

    @Test
    void shouldListAllTopicsForNullAndNoneForAnEmptyListExceptInTheFirstVersion() {
        metadata.topic("a", 1);
        metadata.topic("b", 1);

        MetadataResponse all =
                ask(NEWEST, new MetadataRequest().setTopics(null)).response(MetadataResponse.class);
        MetadataResponse none = ask(NEWEST, new MetadataRequest()).response(MetadataResponse.class);
        MetadataResponse allOfOld = ask(0, new MetadataRequest()).response(MetadataResponse.class);

        assertThat(all.topics()).extracting(MetadataResponseTopic::name).containsExactly("a", "b");
        assertThat(none.topics()).isEmpty();
        assertThat(none.brokers()).hasSize(1);
        assertThat(allOfOld.topics()).hasSize(2);
        assertThat(controller.requests()).isEmpty();
    }

    @Test
    void shouldFindTopicsByIdAndSayWhichIdIsUnknown() {
        TopicImage topic = metadata.topic("orders", 1);

        assertThat(onlyTopic(12, byId(topic.id())).name()).isEqualTo("orders");
        MetadataResponseTopic unknown = onlyTopic(12, byId(new Uuid(5L, 5L)));
        assertThat(unknown.errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
        assertThat(unknown.name()).isNull();
        assertThat(unknown.topicId()).isEqualTo(new Uuid(5L, 5L));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 11})
    void shouldRefuseIdsInVersionsThatOnlyPretendToHaveThem(int version) {
        MetadataResponseTopic refused = onlyTopic(version, byId(new Uuid(5L, 5L)));

        assertThat(refused.errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(refused.name()).isEmpty();
    }

    @Test
    void shouldCreateATopicThatIsOnlyNamedAndAnswerWhenItIsThere() {
        controller.hold();
        RecordingRequest request = ask(NEWEST, named("fresh"));
        assertThat(request.isAnswered()).isFalse();

        controller.release();

        MetadataResponseTopic topic =
                request.response(MetadataResponse.class).topics().get(0);
        assertThat(topic.errorCode()).isZero();
        assertThat(topic.partitions()).hasSize(1);
        CreateTopicsRequest created =
                (CreateTopicsRequest) controller.requests().get(0);
        assertThat(created.topics().get(0).numPartitions()).isEqualTo(-1);
        assertThat(created.topics().get(0).replicationFactor()).isEqualTo((short) -1);
    }

    @Test
    void shouldCreateTheOffsetsTopicWithItsOwnPartitionsAndConfiguration() {
        broker.set("offsets.topic.num.partitions", "7");
        broker.set("offsets.topic.replication.factor", "3");

        MetadataResponseTopic topic = onlyTopic(NEWEST, named("__consumer_offsets"));

        assertThat(topic.isInternal()).isTrue();
        assertThat(topic.partitions()).hasSize(7);
        CreateTopicsRequest.CreatableTopic created =
                ((CreateTopicsRequest) controller.requests().get(0)).topics().get(0);
        assertThat(created.replicationFactor()).isEqualTo((short) 1);
        assertThat(created.configs())
                .extracting(c -> c.name() + "=" + c.value())
                .contains("cleanup.policy=compact");
    }

    @Test
    void shouldReportAMissingTopicWhereNothingMayBeCreated() {
        MetadataRequest forbidden = named("nope").setAllowAutoTopicCreation(false);
        assertThat(onlyTopic(NEWEST, forbidden).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(onlyTopic(NEWEST, named("not valid!")).errorCode())
                .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
        broker.set("auto.create.topics.enable", "false");
        assertThat(onlyTopic(NEWEST, named("nope")).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(controller.requests()).isEmpty();
    }

    @Test
    void shouldReportAMissingTopicWhenNoControllerIsActive() {
        controller.fail();

        assertThat(onlyTopic(NEWEST, named("fresh")).errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void shouldSayNothingOfTopicsThatMayNotBeDescribed() {
        TopicImage secret = metadata.topic("secret", 1);
        metadata.topic("open", 1);
        MetadataRequest all = new MetadataRequest().setTopics(null);

        MetadataResponse list = askWithout(Operation.DESCRIBE, "secret", all);
        MetadataResponse named = askWithout(Operation.DESCRIBE, "secret", named("secret", "open"));
        MetadataResponse identified = askWithout(Operation.DESCRIBE, "secret", byId(secret.id()));

        assertThat(list.topics()).extracting(MetadataResponseTopic::name).containsExactly("open");
        MetadataResponseTopic hidden = named.topics().get(1);
        assertThat(hidden.name()).isEqualTo("secret");
        assertThat(hidden.errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
        assertThat(hidden.topicId()).isEqualTo(Uuid.ZERO);
        assertThat(hidden.partitions()).isEmpty();
        assertThat(identified.topics().get(0).name()).isNull();
        assertThat(identified.topics().get(0).topicId()).isEqualTo(secret.id());
    }

    private MetadataResponse askWithout(Operation operation, String topic, MetadataRequest asked) {
        RecordingRequest request = RecordingRequest.of(NEWEST, asked)
                .allowing((done, resource) -> done != operation || !resource.equals(Resource.topic(topic)));
        handler.handle(request);
        return request.response(MetadataResponse.class);
    }

    @Test
    void shouldNotCreateForThoseWhoMayNot() {
        RecordingRequest request = RecordingRequest.of(NEWEST, named("fresh"))
                .allowing((operation, resource) -> operation != Operation.CREATE);

        handler.handle(request);

        MetadataResponseTopic refused =
                request.response(MetadataResponse.class).topics().get(0);
        assertThat(refused.errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
        assertThat(controller.requests()).isEmpty();
    }

    @Test
    void shouldCreateWithTheRightForTheTopicAlone() {
        RecordingRequest request = RecordingRequest.of(NEWEST, named("fresh"))
                .allowing((operation, resource) -> resource.type() != ResourceType.CLUSTER);

        handler.handle(request);

        assertThat(request.response(MetadataResponse.class).topics().get(0).errorCode())
                .isZero();
    }

    @Test
    void shouldTellWhatTheAskerMayDo() {
        metadata.topic("orders", 1);
        MetadataRequest asked =
                named("orders").setIncludeTopicAuthorizedOperations(true).setIncludeClusterAuthorizedOperations(true);

        MetadataResponse response = ask(8, asked).response(MetadataResponse.class);

        assertThat(response.topics().get(0).topicAuthorizedOperations())
                .isEqualTo(READ_WRITE_CREATE_DELETE_ALTER_DESCRIBE_AND_CONFIGS);
        assertThat(response.clusterAuthorizedOperations()).isEqualTo(0b1_1111_1010_0000 & ~(1 << 6));
        MetadataResponse silent = ask(8, named("orders")).response(MetadataResponse.class);
        assertThat(silent.topics().get(0).topicAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
    }

    @Test
    void shouldNameAPartitionWithoutAReachableLeader() {
        metadata.broker(2, true, "r2", new BrokerImage.Listener(RecordingRequest.LISTENER, "PLAINTEXT", "two", 2));
        metadata.broker(3, false, "r3", new BrokerImage.Listener("OTHER", "PLAINTEXT", "three", 3));
        metadata.topic(
                "orders",
                List.of(
                        new PartitionImage(0, List.of(2, 1), List.of(1), 2, 4, 4, List.of(Uuid.ZERO, Uuid.ZERO)),
                        new PartitionImage(1, List.of(3), List.of(3), 3, 5, 5, List.of(Uuid.ZERO))));

        MetadataResponse now = ask(NEWEST, named("orders")).response(MetadataResponse.class);
        MetadataResponse once = ask(5, named("orders")).response(MetadataResponse.class);

        assertThat(now.brokers()).hasSize(1);
        MetadataResponsePartition fenced = now.topics().get(0).partitions().get(0);
        assertThat(fenced.errorCode()).isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE.code());
        assertThat(fenced.leaderId()).isEqualTo(-1);
        assertThat(fenced.leaderEpoch()).isEqualTo(4);
        assertThat(fenced.offlineReplicas()).containsExactly(2);
        assertThat(now.topics().get(0).partitions().get(1).errorCode()).isEqualTo(ErrorCode.LISTENER_NOT_FOUND.code());
        assertThat(once.topics().get(0).partitions().get(1).errorCode())
                .isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE.code());
    }
}
