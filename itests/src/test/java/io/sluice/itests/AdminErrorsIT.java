package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AddRaftVoterResponseData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.apache.kafka.common.message.RemoveRaftVoterResponseData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.message.UnregisterControllerRequestData;
import org.apache.kafka.common.message.UnregisterControllerResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The errors of the administrative APIs that Kafka's own clients do not let happen, by raw requests. */
class AdminErrorsIT {
    private static final int TELEMETRY_BYTES_MAX = 1_048_576;

    @TempDir
    Path folder;

    private RawClient client;

    @Test
    void shouldAnswerBadRequestsAsDocumented() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"));
                RawClient connected = new RawClient(broker.port())) {
            client = connected;
            credentials();
            quotas();
            quorum();
            telemetry();
            others();
        }
    }

    private static void assertError(Errors expected, short code) {
        assertThat(Errors.forCode(code)).isEqualTo(expected);
    }

    private void credentials() throws Exception {
        AlterUserScramCredentialsRequestData request = new AlterUserScramCredentialsRequestData();
        request.deletions().add(new ScramCredentialDeletion().setName("twice").setMechanism((byte) 1));
        for (String user : List.of("twice", "unknown-mechanism")) {
            request.upsertions()
                    .add(new ScramCredentialUpsertion()
                            .setName(user)
                            .setMechanism((byte) 3)
                            .setIterations(4096)
                            .setSalt(new byte[] {1})
                            .setSaltedPassword(new byte[] {2}));
        }
        ((AlterUserScramCredentialsResponseData) client.ask(request, (short) 0))
                .results()
                .forEach(result -> assertError(
                        result.user().equals("twice") ? Errors.DUPLICATE_RESOURCE : Errors.UNSUPPORTED_SASL_MECHANISM,
                        result.errorCode()));
        DescribeUserScramCredentialsRequestData twice = new DescribeUserScramCredentialsRequestData()
                .setUsers(List.of(new UserName().setName("a"), new UserName().setName("a")));
        assertError(
                Errors.DUPLICATE_RESOURCE,
                ((DescribeUserScramCredentialsResponseData) client.ask(twice, (short) 0))
                        .results()
                        .get(0)
                        .errorCode());
    }

    private void quotas() throws Exception {
        DescribeClientQuotasRequestData unknownMatch = new DescribeClientQuotasRequestData()
                .setComponents(List.of(new DescribeClientQuotasRequestData.ComponentData()
                        .setEntityType("user")
                        .setMatchType((byte) 9)));
        assertError(
                Errors.INVALID_REQUEST,
                ((DescribeClientQuotasResponseData) client.ask(unknownMatch, (short) 1)).errorCode());
        AlterClientQuotasRequestData.EntryData nobody = new AlterClientQuotasRequestData.EntryData()
                .setOps(List.of(new AlterClientQuotasRequestData.OpData()
                        .setKey("producer_byte_rate")
                        .setValue(1.0)));
        assertError(
                Errors.INVALID_REQUEST,
                ((AlterClientQuotasResponseData)
                                client.ask(new AlterClientQuotasRequestData().setEntries(List.of(nobody)), (short) 1))
                        .entries()
                        .get(0)
                        .errorCode());
    }

    private void quorum() throws Exception {
        Uuid directory = Uuid.randomUuid();
        AddRaftVoterRequestData add = new AddRaftVoterRequestData().setVoterDirectoryId(directory);
        assertError(Errors.INCONSISTENT_CLUSTER_ID, added(add.setClusterId("another")));
        assertError(Errors.DUPLICATE_VOTER, added(add.setClusterId(null).setVoterId(1)));
        assertError(Errors.INVALID_REQUEST, added(add.setVoterDirectoryId(Uuid.ZERO_UUID)));
        assertError(
                Errors.INVALID_REQUEST,
                ((RemoveRaftVoterResponseData) client.ask(
                                new RemoveRaftVoterRequestData()
                                        .setClusterId(null)
                                        .setVoterId(1),
                                (short) 0))
                        .errorCode());
        for (int controller : List.of(1, 9)) {
            assertError(
                    controller == 1 ? Errors.INVALID_REQUEST : Errors.CONTROLLER_ID_NOT_REGISTERED,
                    ((UnregisterControllerResponseData) client.ask(
                                    new UnregisterControllerRequestData().setControllerId(controller), (short) 0))
                            .errorCode());
        }
        assertError(
                Errors.INVALID_REQUEST,
                ((UnregisterBrokerResponseData) client.ask(new UnregisterBrokerRequestData().setBrokerId(1), (short) 0))
                        .errorCode());
        DescribeQuorumRequestData other = new DescribeQuorumRequestData()
                .setTopics(List.of(new DescribeQuorumRequestData.TopicData()
                        .setTopicName("another")
                        .setPartitions(List.of(new DescribeQuorumRequestData.PartitionData().setPartitionIndex(0)))));
        assertError(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                ((DescribeQuorumResponseData) client.ask(other, (short) 2))
                        .topics()
                        .get(0)
                        .partitions()
                        .get(0)
                        .errorCode());
    }

    private short added(AddRaftVoterRequestData request) throws Exception {
        return ((AddRaftVoterResponseData) client.ask(request, (short) 1)).errorCode();
    }

    /** Of a client that has just asked what to push. */
    private PushTelemetryRequestData push() throws Exception {
        GetTelemetrySubscriptionsResponseData told = (GetTelemetrySubscriptionsResponseData)
                client.ask(new GetTelemetrySubscriptionsRequestData(), (short) 0);
        return new PushTelemetryRequestData()
                .setClientInstanceId(told.clientInstanceId())
                .setSubscriptionId(told.subscriptionId());
    }

    private short pushed(PushTelemetryRequestData push) throws Exception {
        return ((PushTelemetryResponseData) client.ask(push, (short) 0)).errorCode();
    }

    private void telemetry() throws Exception {
        assertError(Errors.INVALID_REQUEST, pushed(push().setClientInstanceId(Uuid.ZERO_UUID)));
        assertError(Errors.UNSUPPORTED_COMPRESSION_TYPE, pushed(push().setCompressionType((byte) 9)));
        assertError(
                Errors.TELEMETRY_TOO_LARGE, pushed(push().setMetrics(ByteBuffer.allocate(TELEMETRY_BYTES_MAX + 1))));
        PushTelemetryRequestData last = push().setTerminating(true);
        assertError(Errors.NONE, pushed(last));
        assertError(Errors.INVALID_REQUEST, pushed(last));
        assertError(
                Errors.THROTTLING_QUOTA_EXCEEDED,
                ((GetTelemetrySubscriptionsResponseData) client.ask(
                                new GetTelemetrySubscriptionsRequestData()
                                        .setClientInstanceId(push().clientInstanceId()),
                                (short) 0))
                        .errorCode());
    }

    private void others() throws Exception {
        assertError(
                Errors.INVALID_REQUEST,
                ((ElectLeadersResponseData)
                                client.ask(new ElectLeadersRequestData().setElectionType((byte) 7), (short) 2))
                        .errorCode());
        assertError(
                Errors.UNSUPPORTED_VERSION,
                ((ListConfigResourcesResponseData) client.ask(
                                new ListConfigResourcesRequestData().setResourceTypes(List.of((byte) 64)), (short) 1))
                        .errorCode());
        for (short version = 0; version <= 2; version++) {
            UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
            request.featureUpdates()
                    .add(new UpdateFeaturesRequestData.FeatureUpdateKey()
                            .setFeature("group.version")
                            .setMaxVersionLevel((short) 0));
            assertError(
                    Errors.INVALID_UPDATE_VERSION,
                    ((UpdateFeaturesResponseData) client.ask(request, version)).errorCode());
        }
    }
}
