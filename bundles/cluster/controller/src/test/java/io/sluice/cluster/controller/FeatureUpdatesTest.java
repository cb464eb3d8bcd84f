package io.sluice.cluster.controller;

import static io.sluice.cluster.controller.ControllerFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.Feature;
import io.sluice.protocol.message.BrokerRegistrationRequest;
import io.sluice.protocol.message.UpdateFeaturesRequest;
import io.sluice.protocol.message.UpdateFeaturesRequest.FeatureUpdateKey;
import io.sluice.protocol.message.UpdateFeaturesResponse;
import java.util.List;
import java.util.Map;
import org.apache.kafka.server.common.MetadataVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureUpdatesTest {
    private static final int UPGRADE = 1;
    private static final int SAFE_DOWNGRADE = 2;

    private final ControllerFixture fixture = ControllerFixture.registered();

    private static FeatureUpdateKey to(String feature, int level, int type) {
        return new FeatureUpdateKey()
                .setFeature(feature)
                .setMaxVersionLevel((short) level)
                .setUpgradeType((byte) type);
    }

    private UpdateFeaturesResponse update(FeatureUpdateKey... updates) {
        return done(
                fixture.controller().updateFeatures(new UpdateFeaturesRequest().setFeatureUpdates(List.of(updates))));
    }

    private Map<String, Short> features() {
        return fixture.image().features();
    }

    @Test
    void shouldBeginAtTheLevelsOfKafka() {
        assertThat(features())
                .isEqualTo(Map.of(
                        "metadata.version", MetadataVersion.LATEST_PRODUCTION.featureLevel(),
                        "eligible.leader.replicas.version", (short) 1,
                        "group.version", (short) 1,
                        "kraft.version", (short) 1,
                        "share.version", (short) 2,
                        "streams.version", (short) 1,
                        "transaction.version", (short) 2));
        for (org.apache.kafka.server.common.Feature kafka :
                org.apache.kafka.server.common.Feature.PRODUCTION_FEATURES) {
            Feature ours = Feature.of(kafka.featureName());
            assertThat(ours).as(kafka.featureName()).isNotNull();
            assertThat(ours.highest()).as(kafka.featureName()).isEqualTo(kafka.latestProduction());
            assertThat(ours.lowest()).as(kafka.featureName()).isEqualTo(kafka.minimumProduction());
        }
        assertThat(Feature.METADATA_VERSION.lowest()).isEqualTo(MetadataVersion.MINIMUM_VERSION.featureLevel());
    }

    @Test
    void shouldKnowAsKafkaDoesWhichLevelsLoseMetadata() {
        for (MetadataVersion from : MetadataVersion.VERSIONS) {
            for (MetadataVersion to : MetadataVersion.VERSIONS) {
                if (to.isLessThan(from) && !MetadataVersion.LATEST_PRODUCTION.isLessThan(from)) {
                    assertThat(Feature.isMetadataLost(from.featureLevel(), to.featureLevel()))
                            .as(from + " to " + to)
                            .isEqualTo(MetadataVersion.checkIfMetadataChanged(from, to));
                }
            }
        }
    }

    @Test
    void shouldGoDownWhenTheRequestMeansItAndUpAgain() {
        assertThat(update(to("group.version", 0, SAFE_DOWNGRADE), to("share.version", 1, SAFE_DOWNGRADE))
                        .errorCode())
                .isZero();
        assertThat(features()).doesNotContainKey("group.version").containsEntry("share.version", (short) 1);

        UpdateFeaturesResponse up = update(to("group.version", 1, UPGRADE), to("share.version", 2, UPGRADE));
        assertThat(up.errorCode()).isZero();
        assertThat(up.results())
                .extracting(result -> result.feature() + " " + result.errorCode())
                .containsExactly("group.version 0", "share.version 0");
        assertThat(features()).containsEntry("group.version", (short) 1).containsEntry("share.version", (short) 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "group.version | 0 | 1 | Can't downgrade the version of this feature without",
                "group.version | 0 | 0 | does not support the given upgrade type",
                "group.version | 0 | 4 | does not support the given upgrade type",
                "group.version | -1 | 2 | A feature version cannot be less than 0.",
                "group.version | 2 | 1 | Local controller 1 only supports versions 0-1",
                "no.such.feature | 1 | 1 | Local controller 1 does not support this feature.",
                "kraft.version | 0 | 2 | Can't downgrade the version of this feature.",
                "metadata.version | 6 | 3 | only supports versions 7-33",
                "metadata.version | 34 | 1 | only supports versions 7-33",
                "metadata.version | 32 | 2 | might delete metadata information",
                "metadata.version | 20 | 3 | Unsafe metadata downgrade is not supported"
            })
    void shouldRefuseLevelsThatCannotBe(String feature, int level, int type, String why) {
        Map<String, Short> before = features();
        UpdateFeaturesResponse answer = update(to("share.version", 1, SAFE_DOWNGRADE), to(feature, level, type));

        assertThat(ErrorCode.of(answer.errorCode())).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
        assertThat(answer.errorMessage())
                .startsWith("The update failed for all features since the following feature had an error: ")
                .contains(feature)
                .contains(why);
        assertThat(answer.results()).isEmpty();
        assertThat(features()).isEqualTo(before);
    }

    @Test
    void shouldNotGoUpByADowngrade() {
        update(to("transaction.version", 1, SAFE_DOWNGRADE));

        assertThat(update(to("transaction.version", 2, SAFE_DOWNGRADE)).errorMessage())
                .contains("Can't downgrade to a newer version.");
    }

    @Test
    void shouldNotGoWhereABrokerCannotFollow() {
        BrokerRegistrationRequest old = ControllerFixture.registration(2, 1)
                .setFeatures(List.of(new BrokerRegistrationRequest.Feature()
                        .setName("share.version")
                        .setMinSupportedVersion((short) 0)
                        .setMaxSupportedVersion((short) 1)));
        update(to("share.version", 1, SAFE_DOWNGRADE), to("group.version", 0, SAFE_DOWNGRADE));
        assertThat(done(fixture.controller().registerBroker(old, true)).errorCode())
                .isZero();

        assertThat(update(to("share.version", 2, UPGRADE)).errorMessage())
                .contains("Broker 2 only supports versions 0-1");
        assertThat(update(to("group.version", 1, UPGRADE)).errorMessage())
                .contains("Broker 2 does not support this feature.");
    }

    @Test
    void shouldTakeTheFormOfVersionZero() {
        FeatureUpdateKey down = new FeatureUpdateKey()
                .setFeature("group.version")
                .setMaxVersionLevel((short) 0)
                .setAllowDowngrade(true);

        assertThat(update(down).errorCode()).isZero();
        assertThat(features()).doesNotContainKey("group.version");
    }

    @Test
    void shouldOnlyValidateWhenAsked() {
        UpdateFeaturesResponse answer = done(fixture.controller()
                .updateFeatures(new UpdateFeaturesRequest()
                        .setFeatureUpdates(List.of(to("group.version", 0, SAFE_DOWNGRADE)))
                        .setValidateOnly(true)));

        assertThat(answer.errorCode()).isZero();
        assertThat(features()).containsEntry("group.version", (short) 1);
    }
}
