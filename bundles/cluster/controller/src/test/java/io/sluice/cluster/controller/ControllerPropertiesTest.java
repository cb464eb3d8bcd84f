package io.sluice.cluster.controller;

import static io.sluice.cluster.controller.ControllerFixture.creating;
import static io.sluice.cluster.controller.ControllerFixture.done;
import static io.sluice.cluster.controller.ControllerFixture.registration;
import static io.sluice.cluster.controller.ControllerFixture.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.api.image.ClusterImage;
import io.sluice.cluster.api.image.ImageBuilder;
import io.sluice.cluster.api.image.ImageRecords;
import io.sluice.cluster.api.image.RecordBytes;
import io.sluice.protocol.message.AllocateProducerIdsRequest;
import io.sluice.protocol.message.AllocateProducerIdsResponse;
import io.sluice.protocol.message.CreatePartitionsRequest;
import io.sluice.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.sluice.protocol.message.DeleteTopicsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds whatever is asked of the controller. */
class ControllerPropertiesTest {
    /** A request by its kind and two numbers. */
    record Step(int kind, int a, int b) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(0, 5))
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }

    private static void apply(ControllerFixture fixture, Step step, List<Long> producerIds) {
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
            case 4 ->
                done(fixture.controller()
                        .incrementalAlterConfigs(new IncrementalAlterConfigsRequest()
                                .setResources(List.of(new AlterConfigsResource()
                                        .setResourceType((byte) (step.a == 0 ? 4 : 2))
                                        .setResourceName(step.a == 0 ? "" : name)
                                        .setConfigs(List.of(new AlterableConfig()
                                                .setName(step.a == 0 ? "log.segment.bytes" : "retention.ms")
                                                .setConfigOperation((byte) (step.b == 0 ? 1 : 0))
                                                .setValue("200000" + step.b)))))));
            case 5 -> done(fixture.controller().registerBroker(registration(1, step.a), step.b > 2));
            default -> {
                AllocateProducerIdsResponse block = done(fixture.controller()
                        .allocateProducerIds(new AllocateProducerIdsRequest()
                                .setBrokerId(1)
                                .setBrokerEpoch(
                                        fixture.image().registrations().get(1).brokerEpoch())));
                producerIds.add(block.producerIdStart());
            }
        }
    }

    private static ControllerFixture run(List<Step> steps, Map<String, String> staticConfig) {
        ControllerFixture fixture = ControllerFixture.registered(staticConfig);
        List<Long> ids = new ArrayList<>();
        steps.forEach(step -> apply(fixture, step, ids));
        assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
        return fixture;
    }

    @Property(tries = 150)
    void shouldMakeTheSameRecordsOfTheSameRequests(@ForAll("steps") List<Step> steps) {
        assertThat(run(steps, Map.of()).log.batches())
                .isEqualTo(run(steps, Map.of()).log.batches());
    }

    @Property(tries = 150)
    void shouldBeTheSameFromSnapshotAsFromTheWholeLog(@ForAll("steps") List<Step> steps) {
        ControllerFixture whole = run(steps, Map.of());
        ControllerFixture snapshots = run(steps, Map.of("metadata.log.max.record.bytes.between.snapshots", "300"));
        ControllerFixture wholeAgain = new ControllerFixture(whole.log, Map.of());
        ControllerFixture snapshotsAgain = new ControllerFixture(snapshots.log, Map.of());

        assertThat(snapshots.image()).isEqualTo(whole.image());
        assertThat(wholeAgain.image()).isEqualTo(whole.image());
        assertThat(snapshotsAgain.image()).isEqualTo(whole.image());
        assertThat(snapshotsAgain.image().offset()).isEqualTo(whole.image().offset());
        assertThat(wholeAgain.image().offset()).isEqualTo(whole.image().offset());
    }

    @Property(tries = 100)
    void shouldBeMadeAgainFromTheRecordsOfEveryImage(@ForAll("steps") List<Step> steps) {
        ControllerFixture fixture = ControllerFixture.registered();
        List<Long> ids = new ArrayList<>();
        for (Step step : steps) {
            apply(fixture, step, ids);
            ClusterImage image = fixture.image();
            ImageBuilder builder = new ImageBuilder(ClusterImage.EMPTY);
            for (ByteBuffer record : RecordBytes.encode(ImageRecords.of(image))) {
                builder.replay(RecordBytes.decode(record));
            }
            assertThat(builder.build(0, 0, 0).image()).isEqualTo(image);
        }
    }

    @Property(tries = 100)
    void shouldTellListenersWhatBringsThemFromImageToImage(@ForAll("steps") List<Step> steps) {
        ControllerFixture fixture = ControllerFixture.registered();
        Set<String> followed = new TreeSet<>();
        fixture.node.metadata().subscribe((delta, image) -> {
            followed.removeAll(delta.deletedTopics().values());
            followed.addAll(delta.changedTopics());
        });
        List<Long> ids = new ArrayList<>();
        steps.forEach(step -> apply(fixture, step, ids));
        Set<String> present = new TreeSet<>();
        fixture.image().topics().forEach(topic -> present.add(topic.name()));

        assertThat(followed).isEqualTo(present);
    }
}
