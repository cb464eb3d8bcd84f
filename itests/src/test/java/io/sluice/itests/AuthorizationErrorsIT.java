package io.sluice.itests;

import io.sluice.itests.CoordinatedApis.Coordinated;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Assumptions;

/**
 * Who may not: under an authorizer, a bundle that is compiled and installed here, which from a moment on refuses the cluster, the broker's own
 * topics, and every name that begins with {@code denied}.
 */
class AuthorizationErrorsIT extends ErrorSuite {
    private static final String ACTIVATOR = "org.example.selective.Selective";
    private static final String TOPIC = "denied-topic";
    private static final String GROUP = "denied-group";
    private static final String ID = "denied-id";
    private static final String WHEN = "to whom it is not allowed";
    private static final byte BROKER = 4;
    private static final byte GROUP_CONFIG = 32;

    /** Asked for while everybody may see it. */
    private static Uuid topicId = Uuid.ZERO_UUID;

    @Override
    String[] settings() {
        return new String[] {
            "authorizer.type=selective",
            "offsets.topic.num.partitions=1",
            "transaction.state.log.num.partitions=1",
            "share.coordinator.state.topic.num.partitions=1"
        };
    }

    @Override
    void prepare(String bootstrap) throws Exception {
        Assumptions.assumeTrue(broker() != null, "the authorizer is installed into a broker of the test's own");
        Path folder = Files.createDirectories(broker().data().resolve("authorizer"));
        Path denying = folder.resolve("denying");
        broker().must("plugin:install", authorizer(denying, folder).toString(), "--yes");
        Clients.createTopic(bootstrap, TOPIC, 1, Map.of());
        Coordinators.await(bootstrap);
        Coordinators.awaitShareState(bootstrap, TOPIC);
        try (RawClient client = new RawClient(broker().port())) {
            GroupRequests.consumer(client, "consumers", TOPIC);
            ShareRequests.member(client, "sharers", TOPIC);
            ShareErrorsIT.vacant(client, "former-sharers", TOPIC);
            topicId = Coordinators.topicId(client, TOPIC);
            StreamsErrorsIT.joined(client, StreamsErrorsIT.join("streams", "m", TOPIC));
            TransactionRequests.producer(client, "writer", 1);
        }
        Files.createFile(denying);
    }

    private static Path authorizer(Path denying, Path folder) throws Exception {
        String source = """
                package org.example.selective;

                import io.sluice.security.api.Authorizer;
                import io.sluice.security.api.AuthorizerFactory;
                import io.sluice.security.api.Operation;
                import io.sluice.security.api.Peer;
                import io.sluice.security.api.Principal;
                import io.sluice.security.api.Resource;
                import io.sluice.security.api.ResourceType;
                import java.nio.file.Files;
                import java.nio.file.Path;
                import java.util.Dictionary;
                import java.util.Hashtable;
                import org.osgi.framework.BundleActivator;
                import org.osgi.framework.BundleContext;

                public final class Selective implements BundleActivator, AuthorizerFactory, Authorizer {
                    @Override
                    public void start(BundleContext context) {
                        Dictionary<String, Object> type = new Hashtable<>();
                        type.put("authorizer.type", "selective");
                        context.registerService(AuthorizerFactory.class, this, type);
                    }

                    @Override
                    public void stop(BundleContext context) {}

                    @Override
                    public Authorizer open() {
                        return this;
                    }

                    @Override
                    public boolean mayDo(Principal principal, Peer peer, Operation operation, Resource resource) {
                        boolean named = resource.type() == ResourceType.CLUSTER || resource.name().startsWith("denied")
                                || resource.name().startsWith("__");
                        return !named || !Files.exists(Path.of("%s"));
                    }

                    @Override
                    public void close() {}
                }
                """.formatted(denying);
        return CompiledBundle.of(
                ACTIVATOR,
                source,
                List.of("io.sluice.base", "io.sluice.security.api"),
                List.of("org.osgi.framework", "io.sluice.security.api;version=\"[1.0,2)\""),
                folder);
    }

    static List<Provocation> provocations() {
        Provocations all = new Provocations();
        for (Coordinated one : CoordinatedApis.ofGroups()) {
            refuses(all, one, Errors.GROUP_AUTHORIZATION_FAILED, GROUP);
        }
        for (Coordinated one : CoordinatedApis.ofTransactions()) {
            refuses(all, one, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, ID);
        }
        for (Coordinated one : CoordinatedApis.ofShareStates(Uuid.ZERO_UUID)) {
            refuses(all, one, Errors.CLUSTER_AUTHORIZATION_FAILED, "any");
        }
        groups(all);
        transactions(all);
        topics(all);
        topicsOfGroups(all);
        topicsOfShareGroups(all);
        cluster(all);
        return all.all();
    }

    private static void refuses(Provocations all, Coordinated one, Errors error, String id) {
        refuses(all, one.api(), error, one.version(), client -> one.request().apply(id));
    }

    /** Makes a request, perhaps by what it asks the broker before. */
    private interface Making {
        ApiMessage request(RawClient client) throws Exception;
    }

    private static void refuses(Provocations all, ApiKeys key, Errors error, int version, Making making) {
        all.with(
                key, api -> api.answers(error, WHEN, client -> ErrorCodes.of(client, making.request(client), version)));
    }

    private static FindCoordinatorRequestData find(int type, String key) {
        return new FindCoordinatorRequestData().setKeyType((byte) type).setCoordinatorKeys(List.of(key));
    }

    private static void groups(Provocations all) {
        Errors error = Errors.GROUP_AUTHORIZATION_FAILED;
        refuses(all, ApiKeys.FIND_COORDINATOR, error, 4, client -> find(0, GROUP));
        refuses(
                all,
                ApiKeys.ADD_OFFSETS_TO_TXN,
                error,
                3,
                client -> TransactionRequests.addOffsets(CoordinatedApis.producer("writer"), GROUP));
        refuses(
                all,
                ApiKeys.TXN_OFFSET_COMMIT,
                error,
                4,
                client -> TransactionRequests.commit(CoordinatedApis.producer("writer"), GROUP, "t"));
        refuses(all, ApiKeys.SHARE_FETCH, error, 1, client -> ShareRequests.fetch(GROUP, "m", 0, Uuid.randomUuid()));
        refuses(
                all,
                ApiKeys.SHARE_ACKNOWLEDGE,
                error,
                1,
                client -> ShareRequests.acknowledge(GROUP, "m", 1, Uuid.randomUuid(), 0, 0L, 0L, ShareRequests.ACCEPT));
        refuses(
                all,
                ApiKeys.STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE,
                error,
                0,
                client -> CoordinatedApis.topologyDescription(GROUP));
        refuses(all, ApiKeys.INCREMENTAL_ALTER_CONFIGS, error, 1, client -> configure(GROUP_CONFIG, GROUP));
    }

    private static MemoryRecords plain() {
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[] {1}));
    }

    private static void transactions(Provocations all) {
        Errors error = Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        refuses(all, ApiKeys.FIND_COORDINATOR, error, 4, client -> find(1, ID));
        refuses(
                all,
                ApiKeys.PRODUCE,
                error,
                11,
                client -> TransactionRequests.produce(
                        ID,
                        "t",
                        MemoryRecords.withTransactionalRecords(
                                Compression.NONE, 1L, (short) 0, 0, new SimpleRecord(new byte[] {1}))));
    }

    private static void topics(Provocations all) {
        Errors error = Errors.TOPIC_AUTHORIZATION_FAILED;
        refuses(all, ApiKeys.PRODUCE, error, 11, client -> TransactionRequests.produce(null, TOPIC, plain()));
        refuses(all, ApiKeys.FETCH, error, 12, client -> new FetchRequestData()
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopic(TOPIC)
                        .setPartitions(List.of(new FetchRequestData.FetchPartition()
                                .setPartition(0)
                                .setPartitionMaxBytes(1_000))))));
        refuses(all, ApiKeys.DESCRIBE_PRODUCERS, error, 0, client -> RecordErrorsIT.describe(TOPIC));
        refuses(
                all,
                ApiKeys.ADD_PARTITIONS_TO_TXN,
                error,
                3,
                client -> TransactionRequests.add(CoordinatedApis.producer("writer"), TOPIC, 0));
        refuses(
                all,
                ApiKeys.TXN_OFFSET_COMMIT,
                error,
                4,
                client -> TransactionRequests.commit(CoordinatedApis.producer("writer"), "g", TOPIC));
        refuses(all, ApiKeys.INCREMENTAL_ALTER_CONFIGS, error, 1, client -> configure((byte) 2, TOPIC));
    }

    private static void topicsOfGroups(Provocations all) {
        Errors error = Errors.TOPIC_AUTHORIZATION_FAILED;
        GroupRequests.Member outsider = new GroupRequests.Member("", -1);
        refuses(all, ApiKeys.OFFSET_COMMIT, error, 9, client -> GroupRequests.commit("g", outsider, TOPIC));
        refuses(all, ApiKeys.OFFSET_FETCH, error, 9, client -> GroupRequests.fetch("g", outsider, TOPIC));
        refuses(all, ApiKeys.OFFSET_DELETE, error, 0, client -> {
            OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId("consumers");
            request.topics()
                    .add(new OffsetDeleteRequestTopic()
                            .setName(TOPIC)
                            .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));
            return request;
        });
        refuses(all, ApiKeys.CONSUMER_GROUP_HEARTBEAT, error, 1, client -> GroupRequests.consumerJoin("g", TOPIC));
        refuses(all, ApiKeys.CONSUMER_GROUP_DESCRIBE, error, 1, client -> new ConsumerGroupDescribeRequestData()
                .setGroupIds(List.of("consumers")));
        refuses(all, ApiKeys.STREAMS_GROUP_HEARTBEAT, error, 1, client -> StreamsErrorsIT.join("g", "m", TOPIC));
        refuses(all, ApiKeys.STREAMS_GROUP_DESCRIBE, error, 1, client -> new StreamsGroupDescribeRequestData()
                .setGroupIds(List.of("streams")));
    }

    private static void topicsOfShareGroups(Provocations all) {
        Errors error = Errors.TOPIC_AUTHORIZATION_FAILED;
        refuses(all, ApiKeys.SHARE_GROUP_HEARTBEAT, error, 1, client -> ShareRequests.join("g", TOPIC));
        refuses(all, ApiKeys.SHARE_GROUP_DESCRIBE, error, 1, client -> new ShareGroupDescribeRequestData()
                .setGroupIds(List.of("sharers")));
        refuses(all, ApiKeys.SHARE_FETCH, error, 1, client -> ShareRequests.fetch("sharers", "m", 0, topicId));
        refuses(all, ApiKeys.SHARE_ACKNOWLEDGE, error, 1, client -> {
            client.ask(ShareRequests.fetch("sharers", "acknowledger", 0, topicId), (short) 1);
            return ShareRequests.acknowledge("sharers", "acknowledger", 1, topicId, 0, 0L, 0L, ShareRequests.ACCEPT);
        });
        refuses(
                all,
                ApiKeys.ALTER_SHARE_GROUP_OFFSETS,
                error,
                0,
                client -> ShareRequests.alter("former-sharers", TOPIC));
        refuses(
                all,
                ApiKeys.DELETE_SHARE_GROUP_OFFSETS,
                error,
                0,
                client -> ShareRequests.delete("former-sharers", TOPIC));
        refuses(
                all,
                ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS,
                error,
                1,
                client -> ShareRequests.describe("sharers", TOPIC));
    }

    private static IncrementalAlterConfigsRequestData configure(byte type, String name) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(new AlterConfigsResource().setResourceType(type).setResourceName(name));
        return request;
    }

    private static void cluster(Provocations all) {
        Errors error = Errors.CLUSTER_AUTHORIZATION_FAILED;
        refuses(all, ApiKeys.INIT_PRODUCER_ID, error, 4, client -> new InitProducerIdRequestData()
                .setTransactionalId(null));
        refuses(
                all,
                ApiKeys.ADD_PARTITIONS_TO_TXN,
                error,
                5,
                client -> TransactionRequests.addForBroker(CoordinatedApis.producer("writer"), true, "t"));
        refuses(
                all,
                ApiKeys.WRITE_TXN_MARKERS,
                error,
                1,
                client -> TransactionRequests.marker(CoordinatedApis.producer(""), "t", 0));
        refuses(all, ApiKeys.ELECT_LEADERS, error, 2, client -> new ElectLeadersRequestData().setTopicPartitions(null));
        refuses(
                all,
                ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                error,
                1,
                client -> new AlterPartitionReassignmentsRequestData());
        refuses(
                all,
                ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                error,
                0,
                client -> new ListPartitionReassignmentsRequestData().setTopics(null));
        refuses(all, ApiKeys.ALTER_REPLICA_LOG_DIRS, error, 2, client -> replicaMove());
        refuses(
                all,
                ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                error,
                0,
                client -> new DescribeUserScramCredentialsRequestData());
        refuses(
                all,
                ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
                error,
                0,
                client -> new AlterUserScramCredentialsRequestData()
                        .setDeletions(List.of(
                                new ScramCredentialDeletion().setName("u").setMechanism((byte) 1))));
        refuses(all, ApiKeys.DESCRIBE_CLIENT_QUOTAS, error, 1, client -> new DescribeClientQuotasRequestData());
        refuses(all, ApiKeys.ALTER_CLIENT_QUOTAS, error, 1, client -> quota());
        refuses(all, ApiKeys.UPDATE_FEATURES, error, 1, client -> new UpdateFeaturesRequestData());
        refuses(all, ApiKeys.DESCRIBE_QUORUM, error, 2, client -> new DescribeQuorumRequestData());
        refuses(all, ApiKeys.UNREGISTER_BROKER, error, 0, client -> new UnregisterBrokerRequestData().setBrokerId(9));
        refuses(all, ApiKeys.LIST_CONFIG_RESOURCES, error, 1, client -> new ListConfigResourcesRequestData());
        refuses(all, ApiKeys.INCREMENTAL_ALTER_CONFIGS, error, 1, client -> configure(BROKER, ""));
    }

    private static AlterReplicaLogDirsRequestData replicaMove() {
        AlterReplicaLogDirsRequestData request = new AlterReplicaLogDirsRequestData();
        AlterReplicaLogDirsRequestData.AlterReplicaLogDir directory =
                new AlterReplicaLogDirsRequestData.AlterReplicaLogDir().setPath("/elsewhere");
        directory
                .topics()
                .add(new AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic()
                        .setName("t")
                        .setPartitions(List.of(0)));
        request.dirs().add(directory);
        return request;
    }

    private static AlterClientQuotasRequestData quota() {
        return new AlterClientQuotasRequestData()
                .setEntries(List.of(new AlterClientQuotasRequestData.EntryData()
                        .setEntity(List.of(new AlterClientQuotasRequestData.EntityData()
                                .setEntityType("user")
                                .setEntityName("u")))
                        .setOps(List.of(new AlterClientQuotasRequestData.OpData()
                                .setKey("producer_byte_rate")
                                .setValue(1.0)))));
    }
}
