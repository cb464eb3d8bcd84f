package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.Feature;
import io.sluice.cluster.api.image.BrokerRegistration;
import io.sluice.cluster.api.image.BrokerRegistration.FeatureRange;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.UpdateFeaturesRequest;
import io.sluice.protocol.message.UpdateFeaturesRequest.FeatureUpdateKey;
import io.sluice.protocol.message.UpdateFeaturesResponse;
import io.sluice.protocol.message.UpdateFeaturesResponse.UpdatableFeatureResult;
import io.sluice.protocol.metadata.FeatureLevelRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides UpdateFeatures (KIP-584, KIP-778): all updates of a request or none of them. A level can be set that this version and every
 * registered broker work at; a lower one than the present only when the request says that it means to, and never where the metadata
 * would lose something.
 */
final class FeatureUpdates {
    private static final byte UPGRADE = 1;
    private static final byte SAFE_DOWNGRADE = 2;
    private static final byte UNSAFE_DOWNGRADE = 3;

    private final Situation situation;
    private final Map<String, Short> proposed;
    private final List<Message> records = new ArrayList<>();

    private FeatureUpdates(Situation situation) {
        this.situation = situation;
        this.proposed = new TreeMap<>(situation.image().features());
    }

    static Decision<UpdateFeaturesResponse> decide(UpdateFeaturesRequest request, Situation situation) {
        return new FeatureUpdates(situation).decide(request);
    }

    private Decision<UpdateFeaturesResponse> decide(UpdateFeaturesRequest request) {
        for (FeatureUpdateKey update : request.featureUpdates()) {
            proposed.put(update.feature(), update.maxVersionLevel());
        }
        for (FeatureUpdateKey update : request.featureUpdates()) {
            String problem = update(update);
            if (problem != null) {
                return Decision.unchanged(new UpdateFeaturesResponse()
                        .setErrorCode(ErrorCode.INVALID_UPDATE_VERSION.code())
                        .setErrorMessage("The update failed for all features since the following feature had an error: "
                                + problem));
            }
        }
        UpdateFeaturesResponse response = new UpdateFeaturesResponse().setErrorMessage(null);
        for (FeatureUpdateKey update : request.featureUpdates()) {
            response.results()
                    .add(new UpdatableFeatureResult()
                            .setFeature(update.feature())
                            .setErrorMessage(null));
        }
        return request.validateOnly() ? Decision.unchanged(response) : new Decision<>(records, response);
    }

    private @Nullable String update(FeatureUpdateKey update) {
        String name = update.feature();
        short level = update.maxVersionLevel();
        short present = situation.image().features().getOrDefault(name, (short) 0);
        // Version 0 of the request knows no types; it says whether it may go down.
        byte type = update.allowDowngrade() ? SAFE_DOWNGRADE : update.upgradeType();
        String problem = problem(name, level, present, type);
        if (problem != null) {
            return "Invalid update version " + level + " for feature " + name + ". " + problem;
        }
        if (level != present) {
            records.add(new FeatureLevelRecord().setName(name).setFeatureLevel(level));
        }
        return null;
    }

    private @Nullable String problem(String name, short level, short present, byte type) {
        if (type != UPGRADE && type != SAFE_DOWNGRADE && type != UNSAFE_DOWNGRADE) {
            return "The controller does not support the given upgrade type.";
        }
        if (level < 0) {
            return "A feature version cannot be less than 0.";
        }
        Feature feature = Feature.of(name);
        if (feature == null) {
            return "Local controller " + situation.nodeId() + " does not support this feature.";
        }
        String unsupported = unsupported(feature, level);
        if (unsupported != null) {
            return unsupported;
        }
        if (level < present && type == UPGRADE) {
            return "Can't downgrade the version of this feature without setting the upgrade type to either safe or "
                    + "unsafe downgrade.";
        }
        if (level > present && type != UPGRADE) {
            return "Can't downgrade to a newer version.";
        }
        return switch (feature) {
            case METADATA_VERSION -> lost(present, level, type);
            case KRAFT -> level < present ? "Can't downgrade the version of this feature." : null;
            default -> dependency(feature, level);
        };
    }

    private @Nullable String unsupported(Feature feature, short level) {
        String problem = outside(
                "Local controller " + situation.nodeId(), new FeatureRange(feature.lowest(), feature.highest()), level);
        for (BrokerRegistration broker : situation.image().registrations().values()) {
            if (problem == null) {
                problem = outside(
                        "Broker " + broker.nodeId(),
                        broker.features().getOrDefault(feature.featureName(), new FeatureRange((short) 0, (short) 0)),
                        level);
            }
        }
        return problem;
    }

    private static @Nullable String outside(String node, FeatureRange range, short level) {
        if (range.contains(level)) {
            return null;
        }
        return range.highest() == 0
                ? node + " does not support this feature."
                : node + " only supports versions " + range.lowest() + "-" + range.highest();
    }

    private static @Nullable String lost(short present, short level, byte type) {
        if (level >= present || !Feature.isMetadataLost(present, level)) {
            return null;
        }
        return type == UNSAFE_DOWNGRADE
                ? "Unsafe metadata downgrade is not supported in this version."
                : "Refusing to perform the requested downgrade because it might delete metadata information.";
    }

    private @Nullable String dependency(Feature feature, short level) {
        short needed = feature.neededMetadataVersion(level);
        short metadata = proposed.getOrDefault(Feature.METADATA_VERSION.featureName(), (short) 0);
        return metadata < needed
                ? feature.featureName() + " could not be set to " + level + " because it depends on "
                        + Feature.METADATA_VERSION.featureName() + " level " + needed
                : null;
    }
}
