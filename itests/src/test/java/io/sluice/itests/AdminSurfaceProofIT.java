package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.RaftVoterEndpoint;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidUpdateVersionException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.errors.ResourceNotFoundException;
import org.apache.kafka.common.errors.UnacceptableCredentialException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.VoterNotFoundException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own Admin client over what administers a cluster; what was acknowledged survives a kill. */
class AdminSurfaceProofIT {
    private static final TopicPartition PARTITION = new TopicPartition("administered", 0);

    @TempDir
    Path folder;

    @Test
    void shouldServeTheAdminClientAndForgetNothing() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), PARTITION.topic(), 1, Map.of());
            try (Admin admin = Clients.admin(broker.bootstrap())) {
                elections(admin);
                reassignments(admin);
                quorum(admin);
                credentials(admin);
                quotas(admin);
                features(admin);
                metrics(admin, broker.bootstrap());
                telemetry(admin, broker.port());
            }
            broker.kill();
            broker.start();
            int kept = 0;
            try (Admin admin = Clients.admin(broker.bootstrap())) {
                assertThat(iterations(admin, "alice")).isEqualTo(Map.of(ScramMechanism.SCRAM_SHA_512, 8192));
                kept++;
                assertThat(quotasOf(admin, ClientQuotaFilter.all())).hasSize(3);
                kept++;
                assertThat(finalised(admin, "share.version")).isEqualTo(1);
                kept++;
                assertThat(resources(admin, ConfigResource.Type.CLIENT_METRICS)).containsExactly("everything");
                kept++;
                removals(admin);
            }
            Proof.named("admin-surface").with("kept_over_kill", kept).print();
        }
    }

    private static void fails(
            Class<? extends Throwable> why, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).hasCauseInstanceOf(why);
    }

    private static void elections(Admin admin) throws Exception {
        TopicPartition missing = new TopicPartition("missing", 0);
        for (ElectionType type : ElectionType.values()) {
            Map<TopicPartition, Optional<Throwable>> results = admin.electLeaders(type, Set.of(PARTITION, missing))
                    .partitions()
                    .get();
            assertThat(results.get(PARTITION)).get().isInstanceOf(ElectionNotNeededException.class);
            assertThat(results.get(missing)).get().isInstanceOf(UnknownTopicOrPartitionException.class);
            assertThat(admin.electLeaders(type, null).partitions().get()).isEmpty();
        }
    }

    private static void reassign(Admin admin, Optional<NewPartitionReassignment> target) throws Exception {
        admin.alterPartitionReassignments(Map.of(PARTITION, target)).all().get();
    }

    private static void reassignments(Admin admin) throws Exception {
        reassign(admin, Optional.of(new NewPartitionReassignment(List.of(1))));
        fails(
                InvalidReplicaAssignmentException.class,
                () -> reassign(admin, Optional.of(new NewPartitionReassignment(List.of(9)))));
        fails(NoReassignmentInProgressException.class, () -> reassign(admin, Optional.empty()));
        assertThat(admin.listPartitionReassignments().reassignments().get()).isEmpty();
        fails(
                BrokerIdNotRegisteredException.class,
                () -> admin.unregisterBroker(9).all().get());
    }

    private static void quorum(Admin admin) throws Exception {
        QuorumInfo quorum = admin.describeMetadataQuorum().quorumInfo().get();
        assertThat(quorum.leaderId()).isEqualTo(1);
        assertThat(quorum.highWatermark()).isPositive();
        assertThat(quorum.observers()).isEmpty();
        assertThat(quorum.voters()).singleElement().satisfies(voter -> {
            assertThat(voter.replicaId()).isEqualTo(1);
            assertThat(voter.logEndOffset()).isEqualTo(quorum.highWatermark());
            assertThat(voter.lastCaughtUpTimestamp()).isPresent();
        });
        assertThat(quorum.nodes()).containsOnlyKeys(1);
        Uuid directory = Uuid.randomUuid();
        fails(UnsupportedVersionException.class, () -> admin.addRaftVoter(
                        2, directory, Set.of(new RaftVoterEndpoint("CONTROLLER", "127.0.0.1", 1)))
                .all()
                .get());
        fails(
                VoterNotFoundException.class,
                () -> admin.removeRaftVoter(2, directory).all().get());
    }

    private static void upsert(Admin admin, ScramMechanism mechanism, int iterations) throws Exception {
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        "alice", new ScramCredentialInfo(mechanism, iterations), "secret")))
                .all()
                .get();
    }

    private static Map<ScramMechanism, Integer> iterations(Admin admin, String user) throws Exception {
        Map<ScramMechanism, Integer> iterations = new HashMap<>();
        admin.describeUserScramCredentials(List.of(user))
                .description(user)
                .get()
                .credentialInfos()
                .forEach(info -> iterations.put(info.mechanism(), info.iterations()));
        return iterations;
    }

    private static void credentials(Admin admin) throws Exception {
        upsert(admin, ScramMechanism.SCRAM_SHA_256, 4096);
        upsert(admin, ScramMechanism.SCRAM_SHA_512, 8192);
        assertThat(iterations(admin, "alice")).hasSize(2);
        fails(UnacceptableCredentialException.class, () -> upsert(admin, ScramMechanism.SCRAM_SHA_256, 4095));
        fails(UnacceptableCredentialException.class, () -> upsert(admin, ScramMechanism.SCRAM_SHA_256, 16385));
        deleteCredential(admin, ScramMechanism.SCRAM_SHA_256);
        fails(ResourceNotFoundException.class, () -> deleteCredential(admin, ScramMechanism.SCRAM_SHA_256));
        fails(ResourceNotFoundException.class, () -> iterations(admin, "nobody"));
    }

    private static void deleteCredential(Admin admin, ScramMechanism mechanism) throws Exception {
        admin.alterUserScramCredentials(List.of(new UserScramCredentialDeletion("alice", mechanism)))
                .all()
                .get();
    }

    private static ClientQuotaEntity entity(String type, String name) {
        Map<String, String> names = new HashMap<>();
        names.put(type, name);
        return new ClientQuotaEntity(names);
    }

    private static void quota(Admin admin, ClientQuotaEntity entity, String key, Double value) throws Exception {
        admin.alterClientQuotas(
                        List.of(new ClientQuotaAlteration(entity, List.of(new ClientQuotaAlteration.Op(key, value)))))
                .all()
                .get();
    }

    private static Map<ClientQuotaEntity, Map<String, Double>> quotasOf(Admin admin, ClientQuotaFilter filter)
            throws Exception {
        return admin.describeClientQuotas(filter).entities().get();
    }

    private static void quotas(Admin admin) throws Exception {
        ClientQuotaEntity alice = entity(ClientQuotaEntity.USER, "alice");
        ClientQuotaEntity anybody = entity(ClientQuotaEntity.CLIENT_ID, null);
        quota(admin, alice, "producer_byte_rate", 1024.0);
        quota(admin, alice, "request_percentage", 12.5);
        quota(admin, anybody, "consumer_byte_rate", 2048.0);
        quota(admin, entity(ClientQuotaEntity.IP, "127.0.0.1"), "connection_creation_rate", 7.0);
        fails(InvalidRequestException.class, () -> quota(admin, alice, "no_such_quota", 1.0));
        fails(InvalidRequestException.class, () -> quota(admin, alice, "producer_byte_rate", 0.0));
        fails(InvalidRequestException.class, () -> quota(admin, alice, "connection_creation_rate", 1.0));

        assertThat(quotasOf(
                        admin,
                        ClientQuotaFilter.containsOnly(
                                List.of(ClientQuotaFilterComponent.ofEntity(ClientQuotaEntity.USER, "alice")))))
                .isEqualTo(Map.of(alice, Map.of("producer_byte_rate", 1024.0, "request_percentage", 12.5)));
        assertThat(quotasOf(
                        admin,
                        ClientQuotaFilter.contains(
                                List.of(ClientQuotaFilterComponent.ofDefaultEntity(ClientQuotaEntity.CLIENT_ID)))))
                .isEqualTo(Map.of(anybody, Map.of("consumer_byte_rate", 2048.0)));
        fails(
                UnsupportedVersionException.class,
                () -> quotasOf(
                        admin, ClientQuotaFilter.contains(List.of(ClientQuotaFilterComponent.ofEntityType("group")))));
    }

    private static int finalised(Admin admin, String feature) throws Exception {
        return admin.describeFeatures(new DescribeFeaturesOptions())
                .featureMetadata()
                .get()
                .finalizedFeatures()
                .get(feature)
                .maxVersionLevel();
    }

    private static void update(Admin admin, String feature, int level, UpgradeType type, boolean validateOnly)
            throws Exception {
        admin.updateFeatures(
                        Map.of(feature, new FeatureUpdate((short) level, type)),
                        new UpdateFeaturesOptions().validateOnly(validateOnly))
                .all()
                .get();
    }

    private static void features(Admin admin) throws Exception {
        FeatureMetadata metadata = admin.describeFeatures().featureMetadata().get();
        Map<String, Integer> levels = new HashMap<>();
        metadata.finalizedFeatures().forEach((name, range) -> levels.put(name, (int) range.maxVersionLevel()));
        assertThat(levels)
                .isEqualTo(Map.of(
                        "metadata.version", 33,
                        "eligible.leader.replicas.version", 1,
                        "group.version", 1,
                        "kraft.version", 1,
                        "share.version", 2,
                        "streams.version", 1,
                        "transaction.version", 2));
        assertThat(metadata.supportedFeatures()).containsOnlyKeys(levels.keySet());
        update(admin, "share.version", 1, UpgradeType.SAFE_DOWNGRADE, true);
        assertThat(finalised(admin, "share.version")).isEqualTo(2);
        update(admin, "share.version", 1, UpgradeType.SAFE_DOWNGRADE, false);
        assertThat(finalised(admin, "share.version")).isEqualTo(1);
        fails(InvalidUpdateVersionException.class, () -> update(admin, "group.version", 9, UpgradeType.UPGRADE, false));
        fails(
                InvalidUpdateVersionException.class,
                () -> update(admin, "metadata.version", 30, UpgradeType.UNSAFE_DOWNGRADE, false));
    }

    private static void configure(Admin admin, ConfigResource resource, AlterConfigOp.OpType type, String... settings)
            throws Exception {
        List<AlterConfigOp> ops = new ArrayList<>();
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            ops.add(new AlterConfigOp(new ConfigEntry(parts[0], parts[1]), type));
        }
        admin.incrementalAlterConfigs(Map.of(resource, ops)).all().get();
    }

    private static Set<String> resources(Admin admin, ConfigResource.Type type) throws Exception {
        Set<String> names = new TreeSet<>();
        admin.listConfigResources(Set.of(type), new ListConfigResourcesOptions())
                .all()
                .get()
                .forEach(resource -> names.add(resource.name()));
        return names;
    }

    private static void metrics(Admin admin, String bootstrap) throws Exception {
        configure(
                admin,
                new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "everything"),
                AlterConfigOp.OpType.SET,
                "metrics=*",
                "interval.ms=1000");
        configure(
                admin,
                new ConfigResource(ConfigResource.Type.GROUP, "a-group"),
                AlterConfigOp.OpType.SET,
                "consumer.session.timeout.ms=50000");
        assertThat(resources(admin, ConfigResource.Type.CLIENT_METRICS)).containsExactly("everything");
        assertThat(resources(admin, ConfigResource.Type.GROUP)).containsExactly("a-group");
        assertThat(resources(admin, ConfigResource.Type.TOPIC)).containsExactly(PARTITION.topic());
        assertThat(resources(admin, ConfigResource.Type.BROKER)).containsExactly("1");
        assertThat(resources(admin, ConfigResource.Type.BROKER_LOGGER)).containsExactly("1");
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(bootstrap, "enable.metrics.push", "true")) {
            assertThat(producer.clientInstanceId(Duration.ofSeconds(20))).isNotEqualTo(Uuid.ZERO_UUID);
        }
    }

    /** A subscription chooses clients by what they said they are; only a raw peer sees what it is told. */
    private static void telemetry(Admin admin, int port) throws Exception {
        ConfigResource chosen = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "chosen");
        configure(
                admin,
                new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "everything"),
                AlterConfigOp.OpType.SET,
                "match=client_software_name=apache-kafka-java");
        configure(admin, chosen, AlterConfigOp.OpType.SET, "metrics=raw.", "match=client_software_name=raw");
        try (RawClient client = new RawClient(port)) {
            client.ask(
                    new ApiVersionsRequestData().setClientSoftwareName("raw").setClientSoftwareVersion("1"), (short) 4);
            GetTelemetrySubscriptionsResponseData told = (GetTelemetrySubscriptionsResponseData)
                    client.ask(new GetTelemetrySubscriptionsRequestData(), (short) 0);
            assertThat(told.errorCode()).isZero();
            assertThat(told.requestedMetrics()).containsExactly("raw.");
            PushTelemetryRequestData push = new PushTelemetryRequestData()
                    .setClientInstanceId(told.clientInstanceId())
                    .setSubscriptionId(told.subscriptionId() + 1);
            assertThat(error(client, push)).isEqualTo(Errors.UNKNOWN_SUBSCRIPTION_ID);
            client.ask(
                    new GetTelemetrySubscriptionsRequestData().setClientInstanceId(told.clientInstanceId()), (short) 0);
            assertThat(error(client, push.setSubscriptionId(told.subscriptionId())))
                    .isEqualTo(Errors.NONE);
            assertThat(error(client, push)).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
        }
        configure(admin, chosen, AlterConfigOp.OpType.DELETE, "metrics=", "match=");
    }

    private static Errors error(RawClient client, PushTelemetryRequestData push) throws Exception {
        return Errors.forCode(((PushTelemetryResponseData) client.ask(push, (short) 0)).errorCode());
    }

    private static void removals(Admin admin) throws Exception {
        deleteCredential(admin, ScramMechanism.SCRAM_SHA_512);
        fails(ResourceNotFoundException.class, () -> iterations(admin, "alice"));
        for (Map.Entry<ClientQuotaEntity, Map<String, Double>> quota :
                quotasOf(admin, ClientQuotaFilter.all()).entrySet()) {
            for (String key : quota.getValue().keySet()) {
                quota(admin, quota.getKey(), key, null);
            }
        }
        assertThat(quotasOf(admin, ClientQuotaFilter.all())).isEmpty();
        configure(
                admin,
                new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "everything"),
                AlterConfigOp.OpType.DELETE,
                "metrics=",
                "match=",
                "interval.ms=");
        assertThat(resources(admin, ConfigResource.Type.CLIENT_METRICS)).isEmpty();
        update(admin, "share.version", 2, UpgradeType.UPGRADE, false);
        assertThat(finalised(admin, "share.version")).isEqualTo(2);
    }
}
