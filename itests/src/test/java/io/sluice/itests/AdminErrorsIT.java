package io.sluice.itests;

import static org.apache.kafka.common.protocol.ApiKeys.ADD_RAFT_VOTER;
import static org.apache.kafka.common.protocol.ApiKeys.ALTER_CLIENT_QUOTAS;
import static org.apache.kafka.common.protocol.ApiKeys.ALTER_PARTITION_REASSIGNMENTS;
import static org.apache.kafka.common.protocol.ApiKeys.ALTER_REPLICA_LOG_DIRS;
import static org.apache.kafka.common.protocol.ApiKeys.ALTER_USER_SCRAM_CREDENTIALS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_CLIENT_QUOTAS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_QUORUM;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS;
import static org.apache.kafka.common.protocol.ApiKeys.ELECT_LEADERS;
import static org.apache.kafka.common.protocol.ApiKeys.REMOVE_RAFT_VOTER;
import static org.apache.kafka.common.protocol.ApiKeys.UNREGISTER_BROKER;
import static org.apache.kafka.common.protocol.ApiKeys.UNREGISTER_CONTROLLER;
import static org.apache.kafka.common.protocol.ApiKeys.UPDATE_FEATURES;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterControllerRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.protocol.Errors;

/** What is refused of those who administer a cluster; by raw requests, since Kafka's own clients do not let much of it happen. */
class AdminErrorsIT extends ErrorSuite {
    private static final String TOPIC = "t";

    @Override
    String[] settings() {
        return new String[0];
    }

    @Override
    void prepare(String bootstrap) throws Exception {
        Clients.createTopic(bootstrap, TOPIC, 1, Map.of());
    }

    static List<Provocation> provocations() {
        return new Provocations()
                .with(ELECT_LEADERS, AdminErrorsIT::elections)
                .with(ALTER_PARTITION_REASSIGNMENTS, AdminErrorsIT::reassignments)
                .with(ALTER_REPLICA_LOG_DIRS, AdminErrorsIT::moves)
                .with(DESCRIBE_USER_SCRAM_CREDENTIALS, AdminErrorsIT::credentials)
                .with(ALTER_USER_SCRAM_CREDENTIALS, AdminErrorsIT::credentialChanges)
                .with(DESCRIBE_CLIENT_QUOTAS, AdminErrorsIT::quotas)
                .with(ALTER_CLIENT_QUOTAS, AdminErrorsIT::quotaChanges)
                .with(UPDATE_FEATURES, AdminErrorsIT::features)
                .with(DESCRIBE_QUORUM, AdminErrorsIT::quorum)
                .with(ADD_RAFT_VOTER, AdminErrorsIT::additions)
                .with(REMOVE_RAFT_VOTER, AdminErrorsIT::removals)
                .with(UNREGISTER_CONTROLLER, AdminErrorsIT::controllers)
                .with(UNREGISTER_BROKER, AdminErrorsIT::brokers)
                .all();
    }

    private static ElectLeadersRequestData elect(int type, String topic) {
        ElectLeadersRequestData request = new ElectLeadersRequestData().setElectionType((byte) type);
        request.topicPartitions()
                .add(new ElectLeadersRequestData.TopicPartitions()
                        .setTopic(topic)
                        .setPartitions(List.of(0)));
        return request;
    }

    private static void elections(Provocations.Of elect) {
        elect.answers(
                Errors.INVALID_REQUEST,
                "to a type of election that there is not",
                client -> ErrorCodes.of(client, elect(7, TOPIC), 2));
        for (int type = 0; type <= 1; type++) {
            int asked = type;
            elect.answers(
                    Errors.ELECTION_NOT_NEEDED,
                    (type == 0 ? "to a preferred" : "to an unclean") + " election while the preferred replica leads",
                    client -> ErrorCodes.of(client, elect(asked, TOPIC), 2));
        }
        elect.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to a topic that does not exist",
                client -> ErrorCodes.of(client, elect(0, "missing"), 2));
    }

    private static AlterPartitionReassignmentsRequestData reassign(String topic, List<Integer> replicas) {
        return new AlterPartitionReassignmentsRequestData()
                .setTopics(List.of(new ReassignableTopic()
                        .setName(topic)
                        .setPartitions(List.of(
                                new ReassignablePartition().setPartitionIndex(0).setReplicas(replicas)))));
    }

    private static void reassignments(Provocations.Of reassign) {
        reassign.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to a topic that does not exist",
                client -> ErrorCodes.of(client, reassign("missing", List.of(1)), 1));
        reassign.answers(
                Errors.NO_REASSIGNMENT_IN_PROGRESS,
                "to who takes back what was not begun",
                client -> ErrorCodes.of(client, reassign(TOPIC, null), 1));
        reassign.answers(
                Errors.INVALID_REPLICA_ASSIGNMENT,
                "to no replicas",
                client -> ErrorCodes.of(client, reassign(TOPIC, List.of()), 1));
        reassign.answers(
                Errors.INVALID_REPLICA_ASSIGNMENT,
                "to a broker that there is not",
                client -> ErrorCodes.of(client, reassign(TOPIC, List.of(9)), 1));
        reassign.answers(
                Errors.INVALID_REPLICA_ASSIGNMENT,
                "to one broker twice",
                client -> ErrorCodes.of(client, reassign(TOPIC, List.of(1, 1)), 1));
        reassign.answers(
                Errors.INVALID_REPLICA_ASSIGNMENT,
                "to a negative id of a broker",
                client -> ErrorCodes.of(client, reassign(TOPIC, List.of(-1)), 1));
    }

    private static AlterReplicaLogDirsRequestData move(String path, String topic) {
        AlterReplicaLogDirsRequestData request = new AlterReplicaLogDirsRequestData();
        AlterReplicaLogDirsRequestData.AlterReplicaLogDir directory =
                new AlterReplicaLogDirsRequestData.AlterReplicaLogDir().setPath(path);
        directory
                .topics()
                .add(new AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic()
                        .setName(topic)
                        .setPartitions(List.of(0)));
        request.dirs().add(directory);
        return request;
    }

    private static String logDirectory(RawClient client) throws Exception {
        DescribeLogDirsResponseData response =
                (DescribeLogDirsResponseData) client.ask(new DescribeLogDirsRequestData().setTopics(null), (short) 4);
        return response.results().get(0).logDir();
    }

    private static void moves(Provocations.Of move) {
        move.answers(
                Errors.LOG_DIR_NOT_FOUND,
                "to a directory that the broker has not",
                client -> ErrorCodes.of(client, move("/no/such/directory", TOPIC), 2));
        move.answers(
                Errors.LOG_DIR_NOT_FOUND,
                "to a path that is not absolute",
                client -> ErrorCodes.of(client, move("logs", TOPIC), 2));
        move.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to a topic that does not exist",
                client -> ErrorCodes.of(client, move(logDirectory(client), "missing"), 2));
    }

    private static void credentials(Provocations.Of describe) {
        describe.answers(
                Errors.DUPLICATE_RESOURCE,
                "to one user twice",
                client -> ErrorCodes.of(
                        client,
                        new DescribeUserScramCredentialsRequestData()
                                .setUsers(List.of(new UserName().setName("a"), new UserName().setName("a"))),
                        0));
        describe.answers(
                Errors.RESOURCE_NOT_FOUND,
                "to a user without credentials",
                client -> ErrorCodes.of(
                        client,
                        new DescribeUserScramCredentialsRequestData()
                                .setUsers(List.of(new UserName().setName("unknown"))),
                        0));
    }

    private static AlterUserScramCredentialsRequestData upsert(String user, int mechanism, int iterations) {
        AlterUserScramCredentialsRequestData request = new AlterUserScramCredentialsRequestData();
        request.upsertions()
                .add(new ScramCredentialUpsertion()
                        .setName(user)
                        .setMechanism((byte) mechanism)
                        .setIterations(iterations)
                        .setSalt(new byte[] {1})
                        .setSaltedPassword(new byte[] {2}));
        return request;
    }

    private static void credentialChanges(Provocations.Of alter) {
        alter.answers(Errors.DUPLICATE_RESOURCE, "to a credential that is changed twice", client -> {
            AlterUserScramCredentialsRequestData request = upsert("twice", 1, 4096);
            request.upsertions().add(request.upsertions().get(0).duplicate());
            return ErrorCodes.of(client, request, 0);
        });
        alter.answers(Errors.RESOURCE_NOT_FOUND, "to a credential that does not exist and is changed twice", client -> {
            AlterUserScramCredentialsRequestData request = upsert("neither", 1, 4096);
            request.deletions()
                    .add(new ScramCredentialDeletion().setName("neither").setMechanism((byte) 1));
            return ErrorCodes.of(client, request, 0);
        });
        alter.answers(
                Errors.UNSUPPORTED_SASL_MECHANISM,
                "to a mechanism that there is not",
                client -> ErrorCodes.of(client, upsert("mechanism", 3, 4096), 0));
        alter.answers(
                Errors.UNACCEPTABLE_CREDENTIAL,
                "to an empty name",
                client -> ErrorCodes.of(client, upsert("", 1, 4096), 0));
        alter.answers(
                Errors.UNACCEPTABLE_CREDENTIAL,
                "to too few iterations",
                client -> ErrorCodes.of(client, upsert("few", 1, 4095), 0));
        alter.answers(
                Errors.UNACCEPTABLE_CREDENTIAL,
                "to too many iterations",
                client -> ErrorCodes.of(client, upsert("many", 1, 16_385), 0));
        alter.answers(
                Errors.RESOURCE_NOT_FOUND,
                "to the end of a credential that there is not",
                client -> ErrorCodes.of(
                        client,
                        new AlterUserScramCredentialsRequestData()
                                .setDeletions(List.of(new ScramCredentialDeletion()
                                        .setName("unknown")
                                        .setMechanism((byte) 1))),
                        0));
    }

    private static void quotas(Provocations.Of describe) {
        describe.answers(
                Errors.INVALID_REQUEST,
                "to a kind of match that there is not",
                client -> ErrorCodes.of(client, filter("user", 9), 1));
        describe.answers(
                Errors.INVALID_REQUEST,
                "to an empty type of entity",
                client -> ErrorCodes.of(client, filter("", 1), 1));
        describe.answers(
                Errors.UNSUPPORTED_VERSION,
                "to a type of entity that there is not",
                client -> ErrorCodes.of(client, filter("group", 2), 1));
    }

    private static DescribeClientQuotasRequestData filter(String type, int match) {
        return new DescribeClientQuotasRequestData()
                .setComponents(List.of(new DescribeClientQuotasRequestData.ComponentData()
                        .setEntityType(type)
                        .setMatchType((byte) match)));
    }

    private static AlterClientQuotasRequestData quota(String type, String key, double value) {
        return new AlterClientQuotasRequestData()
                .setEntries(List.of(new AlterClientQuotasRequestData.EntryData()
                        .setEntity(List.of(new AlterClientQuotasRequestData.EntityData()
                                .setEntityType(type)
                                .setEntityName("someone")))
                        .setOps(List.of(new AlterClientQuotasRequestData.OpData()
                                .setKey(key)
                                .setValue(value)))));
    }

    private static void quotaChanges(Provocations.Of alter) {
        alter.answers(Errors.INVALID_REQUEST, "to nobody", client -> {
            AlterClientQuotasRequestData request = quota("user", "producer_byte_rate", 1.0);
            request.entries().get(0).setEntity(List.of());
            return ErrorCodes.of(client, request, 1);
        });
        alter.answers(
                Errors.INVALID_REQUEST,
                "to a type of entity that there is not",
                client -> ErrorCodes.of(client, quota("group", "producer_byte_rate", 1.0), 1));
        alter.answers(
                Errors.INVALID_REQUEST,
                "to a quota that there is not",
                client -> ErrorCodes.of(client, quota("user", "byte_rate", 1.0), 1));
        alter.answers(
                Errors.INVALID_REQUEST,
                "to a rate below zero",
                client -> ErrorCodes.of(client, quota("user", "producer_byte_rate", -1.0), 1));
    }

    private static void features(Provocations.Of update) {
        for (int version = 0; version <= 2; version++) {
            int asked = version;
            UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
            request.featureUpdates()
                    .add(new UpdateFeaturesRequestData.FeatureUpdateKey()
                            .setFeature("group.version")
                            .setMaxVersionLevel((short) 0));
            update.answers(
                    Errors.INVALID_UPDATE_VERSION,
                    "to a downgrade that does not say so, in version " + version,
                    client -> ErrorCodes.of(client, request, asked));
        }
        update.answers(Errors.INVALID_UPDATE_VERSION, "to a kind of upgrade that there is not", client -> {
            UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
            request.featureUpdates()
                    .add(new UpdateFeaturesRequestData.FeatureUpdateKey()
                            .setFeature("group.version")
                            .setMaxVersionLevel((short) 1)
                            .setUpgradeType((byte) 9));
            return ErrorCodes.of(client, request, 1);
        });
        update.answers(Errors.INVALID_UPDATE_VERSION, "to a feature that there is not", client -> {
            UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
            request.featureUpdates()
                    .add(new UpdateFeaturesRequestData.FeatureUpdateKey()
                            .setFeature("no.such.feature")
                            .setMaxVersionLevel((short) 1));
            return ErrorCodes.of(client, request, 1);
        });
    }

    private static void quorum(Provocations.Of describe) {
        describe.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to another topic than the metadata's",
                client -> ErrorCodes.of(
                        client,
                        new DescribeQuorumRequestData()
                                .setTopics(List.of(new DescribeQuorumRequestData.TopicData()
                                        .setTopicName("another")
                                        .setPartitions(List.of(
                                                new DescribeQuorumRequestData.PartitionData().setPartitionIndex(0))))),
                        2));
    }

    private static AddRaftVoterRequestData voter() {
        AddRaftVoterRequestData request =
                new AddRaftVoterRequestData().setVoterId(1).setVoterDirectoryId(Uuid.randomUuid());
        request.listeners()
                .add(new AddRaftVoterRequestData.Listener()
                        .setName("CONTROLLER")
                        .setHost("127.0.0.1")
                        .setPort(9));
        return request;
    }

    private static void additions(Provocations.Of add) {
        add.answers(
                Errors.INCONSISTENT_CLUSTER_ID,
                "to the id of another cluster",
                client -> ErrorCodes.of(client, voter().setClusterId("another"), 1));
        add.answers(
                Errors.DUPLICATE_VOTER,
                "to who votes already",
                client -> ErrorCodes.of(client, voter().setClusterId(null), 1));
        add.answers(Errors.INVALID_REQUEST, "to a voter without an endpoint", client -> {
            AddRaftVoterRequestData request = voter().setClusterId(null);
            request.listeners().clear();
            return ErrorCodes.of(client, request, 1);
        });
        add.answers(
                Errors.INVALID_REQUEST,
                "to a voter without a directory",
                client -> ErrorCodes.of(client, voter().setClusterId(null).setVoterDirectoryId(Uuid.ZERO_UUID), 1));
    }

    private static void removals(Provocations.Of remove) {
        remove.answers(
                Errors.INVALID_REQUEST,
                "to a voter without a directory",
                client -> ErrorCodes.of(
                        client,
                        new RemoveRaftVoterRequestData().setClusterId(null).setVoterId(1),
                        0));
        remove.answers(
                Errors.VOTER_NOT_FOUND,
                "to who does not vote",
                client -> ErrorCodes.of(
                        client,
                        new RemoveRaftVoterRequestData()
                                .setClusterId(null)
                                .setVoterId(9)
                                .setVoterDirectoryId(Uuid.randomUuid()),
                        0));
    }

    private static void controllers(Provocations.Of unregister) {
        unregister.answers(
                Errors.INVALID_REQUEST,
                "to the controller that is active",
                client -> ErrorCodes.of(client, new UnregisterControllerRequestData().setControllerId(1), 0));
        unregister.answers(
                Errors.CONTROLLER_ID_NOT_REGISTERED,
                "to a controller that there is not",
                client -> ErrorCodes.of(client, new UnregisterControllerRequestData().setControllerId(9), 0));
    }

    private static void brokers(Provocations.Of unregister) {
        unregister
                .answers(
                        Errors.INVALID_REQUEST,
                        "to a broker that runs",
                        client -> ErrorCodes.of(client, new UnregisterBrokerRequestData().setBrokerId(1), 0))
                .unlikeKafka(Errors.NONE, "the broker would lead nothing until it is started again");
        unregister.answers(
                Errors.BROKER_ID_NOT_REGISTERED,
                "to a broker that there is not",
                client -> ErrorCodes.of(client, new UnregisterBrokerRequestData().setBrokerId(9), 0));
    }
}
