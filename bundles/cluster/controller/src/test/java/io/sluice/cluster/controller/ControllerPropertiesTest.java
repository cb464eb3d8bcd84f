package io.sluice.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.api.image.ClusterImage;
import io.sluice.cluster.api.image.ImageBuilder;
import io.sluice.cluster.api.image.ImageRecords;
import io.sluice.cluster.api.image.RecordBytes;
import io.sluice.cluster.controller.RandomRequests.Step;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds whatever is asked of the controller. */
class ControllerPropertiesTest {
    @Provide
    Arbitrary<List<Step>> steps() {
        return RandomRequests.steps();
    }

    private static ControllerFixture run(List<Step> steps, Map<String, String> staticConfig) {
        ControllerFixture fixture = ControllerFixture.registered(staticConfig);
        RandomRequests.run(fixture, steps);
        return fixture;
    }

    @Property(tries = 150)
    void shouldMakeTheSameRecordsOfTheSameRequests(@ForAll("steps") List<Step> steps) {
        assertThat(run(steps, Map.of()).log.batches())
                .isEqualTo(run(steps, Map.of()).log.batches());
    }

    @Property(tries = 100)
    void shouldGiveEveryBlockOfProducerIdsOnce(@ForAll("steps") List<Step> steps) {
        ControllerFixture fixture = ControllerFixture.registered();
        List<Long> blocks = RandomRequests.run(fixture, steps);
        blocks.addAll(RandomRequests.run(new ControllerFixture(fixture.log, Map.of()), steps));

        assertThat(blocks).doesNotHaveDuplicates();
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
        for (Step step : steps) {
            RandomRequests.run(fixture, step, new ArrayList<>());
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
        RandomRequests.run(fixture, steps);
        Set<String> present = new TreeSet<>();
        fixture.image().topics().forEach(topic -> present.add(topic.name()));

        assertThat(followed).isEqualTo(present);
    }
}
