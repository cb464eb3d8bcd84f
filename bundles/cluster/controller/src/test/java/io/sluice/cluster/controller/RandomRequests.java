package io.sluice.cluster.controller;

import static io.sluice.cluster.controller.ControllerFixture.creating;
import static io.sluice.cluster.controller.ControllerFixture.done;
import static io.sluice.cluster.controller.ControllerFixture.registration;
import static io.sluice.cluster.controller.ControllerFixture.topic;

import io.sluice.cluster.api.image.BrokerRegistration;
import io.sluice.protocol.message.AllocateProducerIdsRequest;
import io.sluice.protocol.message.CreatePartitionsRequest;
import io.sluice.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.sluice.protocol.message.DeleteTopicsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
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
                        Arbitraries.integers().between(0, 7),
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

    private static void allocate(ControllerFixture fixture, List<Long> blocks) {
        BrokerRegistration broker =
                Objects.requireNonNull(fixture.image().registrations().get(1));
        blocks.add(done(fixture.controller()
                        .allocateProducerIds(
                                new AllocateProducerIdsRequest().setBrokerId(1).setBrokerEpoch(broker.brokerEpoch())))
                .producerIdStart());
    }
}
