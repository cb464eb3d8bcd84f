package io.sluice.cluster.controller;

import static io.sluice.cluster.controller.ControllerFixture.creating;
import static io.sluice.cluster.controller.ControllerFixture.done;
import static io.sluice.cluster.controller.ControllerFixture.registration;
import static io.sluice.cluster.controller.ControllerFixture.topic;

import io.sluice.cluster.api.image.BrokerRegistration;
import io.sluice.protocol.message.AllocateProducerIdsRequest;
import io.sluice.protocol.message.AlterClientQuotasRequest;
import io.sluice.protocol.message.AlterUserScramCredentialsRequest;
import io.sluice.protocol.message.AlterUserScramCredentialsRequest.ScramCredentialDeletion;
import io.sluice.protocol.message.AlterUserScramCredentialsRequest.ScramCredentialUpsertion;
import io.sluice.protocol.message.CreatePartitionsRequest;
import io.sluice.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.sluice.protocol.message.DeleteTopicsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.sluice.protocol.message.UpdateFeaturesRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Sequences of requests of every kind, over few topics so that they meet. */
final class RandomRequests {
    private RandomRequests() {}

    /** A request by its kind and two numbers. */
    record Step(int kind, int a, int b) {}

    static Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 10),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(0, 5))
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }

    /** @return the beginnings of the blocks of producer ids that were given */
    static List<Long> run(ControllerFixture fixture, List<Step> steps) {
        List<Long> blocks = new ArrayList<>();
        steps.forEach(step -> run(fixture, step, blocks));
        return blocks;
    }

    static void run(ControllerFixture fixture, Step step, List<Long> blocks) {
        String name = "topic." + step.a;
        switch (step.kind) {
            case 0, 1 -> done(fixture.controller().createTopics(creating(topic(name, step.b, 1))));
            case 2 -> done(fixture.controller().deleteTopics(new DeleteTopicsRequest().setTopicNames(List.of(name))));
            case 3 ->
                done(fixture.controller()
                        .createPartitions(new CreatePartitionsRequest()
                                .setTopics(List.of(new CreatePartitionsTopic()
                                        .setName(name)
                                        .setCount(step.b + 2)
                                        .setAssignments(null)))));
            case 4 -> alter(fixture, step, name);
            case 5 -> done(fixture.controller().registerBroker(registration(1, step.a), step.b > 2));
            case 6 -> done(fixture.controller().bumpLeaderEpochs(name));
            case 7 -> alterCredential(fixture, step);
            case 8 -> alterQuota(fixture, step);
            case 9 -> updateFeature(fixture, step);
            default -> allocate(fixture, blocks);
        }
    }

    private static void alter(ControllerFixture fixture, Step step, String name) {
        done(fixture.controller()
                .incrementalAlterConfigs(new IncrementalAlterConfigsRequest()
                        .setResources(List.of(new AlterConfigsResource()
                                .setResourceType((byte) (step.a == 0 ? 4 : 2))
                                .setResourceName(step.a == 0 ? "" : name)
                                .setConfigs(List.of(new AlterableConfig()
                                        .setName(step.a == 0 ? "log.segment.bytes" : "retention.ms")
                                        .setConfigOperation((byte) (step.b == 0 ? 1 : 0))
                                        .setValue("200000" + step.b)))))));
    }

    private static void alterCredential(ControllerFixture fixture, Step step) {
        byte mechanism = (byte) (1 + step.a % 2);
        AlterUserScramCredentialsRequest request = new AlterUserScramCredentialsRequest();
        if (step.b < 2) {
            request.deletions()
                    .add(new ScramCredentialDeletion().setName("user" + step.a).setMechanism(mechanism));
        } else {
            request.upsertions()
                    .add(new ScramCredentialUpsertion()
                            .setName("user" + step.a)
                            .setMechanism(mechanism)
                            .setIterations(4096 + step.b)
                            .setSalt(new byte[] {1, (byte) step.b})
                            .setSaltedPassword(new byte[] {2, (byte) step.a}));
        }
        done(fixture.controller().alterUserScramCredentials(request));
    }

    private static void alterQuota(ControllerFixture fixture, Step step) {
        AlterClientQuotasRequest.EntryData entry = new AlterClientQuotasRequest.EntryData();
        entry.entity()
                .add(new AlterClientQuotasRequest.EntityData()
                        .setEntityType(step.a < 3 ? "user" : "client-id")
                        .setEntityName(step.a % 3 == 0 ? null : "name" + step.a));
        if (step.a == 1) {
            entry.entity()
                    .add(new AlterClientQuotasRequest.EntityData()
                            .setEntityType("client-id")
                            .setEntityName("other"));
        }
        entry.ops()
                .add(new AlterClientQuotasRequest.OpData()
                        .setKey(step.b % 2 == 0 ? "producer_byte_rate" : "request_percentage")
                        .setValue(100.0 + step.b)
                        .setRemove(step.b < 2));
        done(fixture.controller().alterClientQuotas(new AlterClientQuotasRequest().setEntries(List.of(entry))));
    }

    private static void updateFeature(ControllerFixture fixture, Step step) {
        done(fixture.controller()
                .updateFeatures(new UpdateFeaturesRequest()
                        .setFeatureUpdates(List.of(new UpdateFeaturesRequest.FeatureUpdateKey()
                                .setFeature(step.a < 3 ? "group.version" : "share.version")
                                .setMaxVersionLevel((short) (step.b % 3))
                                .setUpgradeType((byte) (1 + step.b % 2))))));
    }

    private static void allocate(ControllerFixture fixture, List<Long> blocks) {
        BrokerRegistration broker =
                Objects.requireNonNull(fixture.image().registrations().get(1));
        blocks.add(done(fixture.controller()
                        .allocateProducerIds(
                                new AllocateProducerIdsRequest().setBrokerId(1).setBrokerEpoch(broker.brokerEpoch())))
                .producerIdStart());
    }
}
