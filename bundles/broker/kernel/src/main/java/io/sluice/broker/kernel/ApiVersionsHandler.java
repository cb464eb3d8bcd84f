package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.AdvertisedApi;
import io.sluice.cluster.api.Feature;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ApiVersionsRequest;
import io.sluice.protocol.message.ApiVersionsResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.ClientSoftware;
import io.sluice.request.api.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Says what is installed. A version of the request that is not known is answered in version 0 with error 35 and the range
 * of this API (KIP-511). Produce is advertised from 0, because older clients of librdkafka look for that (KAFKA-18659), though
 * 0 to 2 are refused.
 */
final class ApiVersionsHandler implements ApiHandler {
    private static final short FIRST_VERSION_WITH_LEVEL_ZERO = 4;

    private static final Pattern SOFTWARE = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");

    private final ApiSlots slots;
    private final Supplier<MetadataImage> image;
    private final int nodeId;
    private final String clusterId;
    private final Sabotage sabotage;

    ApiVersionsHandler(ApiSlots slots, Supplier<MetadataImage> image, int nodeId, String clusterId, Sabotage sabotage) {
        this.slots = slots;
        this.image = image;
        this.nodeId = nodeId;
        this.clusterId = clusterId;
        this.sabotage = sabotage;
    }

    @Override
    public ApiKey api() {
        return ApiKey.API_VERSIONS;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        if (request instanceof KernelRequest kernel && !kernel.isSupportedVersion()) {
            ApiVersionsResponse.ApiVersion own = new ApiVersionsResponse.ApiVersion()
                    .setApiKey(api().id())
                    .setMinVersion(lowestVersion())
                    .setMaxVersion(highestVersion());
            kernel.respond(
                    new ApiVersionsResponse()
                            .setErrorCode(ErrorCode.UNSUPPORTED_VERSION.code())
                            .setApiKeys(List.of(own)),
                    (short) 0);
            return;
        }
        ApiVersionsRequest asked = request.read(new ApiVersionsRequest());
        if (request.version() >= 3
                && !(isSoftware(asked.clientSoftwareName()) && isSoftware(asked.clientSoftwareVersion()))) {
            request.respond(new ApiVersionsResponse().setErrorCode(ErrorCode.INVALID_REQUEST.code()));
            return;
        }
        if (request.version() >= 3 && request instanceof KernelRequest kernel) {
            kernel.introduce(new ClientSoftware(asked.clientSoftwareName(), asked.clientSoftwareVersion()));
        }
        ErrorCode misled = misled(asked);
        request.respond(
                misled == ErrorCode.NONE
                        ? answer(request.version())
                        : new ApiVersionsResponse().setErrorCode(misled.code()));
    }

    /** A client may say whom it believes to talk to; both or nothing (KIP-1242). */
    private ErrorCode misled(ApiVersionsRequest asked) {
        String cluster = asked.clusterId();
        boolean namesNode = asked.nodeId() != -1;
        if (cluster == null) {
            return namesNode ? ErrorCode.INVALID_REQUEST : ErrorCode.NONE;
        }
        if (!namesNode) {
            return ErrorCode.INVALID_REQUEST;
        }
        return cluster.equals(clusterId) && asked.nodeId() == nodeId ? ErrorCode.NONE : ErrorCode.REBOOTSTRAP_REQUIRED;
    }

    private static boolean isSoftware(String name) {
        return SOFTWARE.matcher(name).matches();
    }

    private ApiVersionsResponse answer(short version) {
        List<ApiVersionsResponse.ApiVersion> keys = new ArrayList<>();
        for (AdvertisedApi api : slots.advertised()) {
            if (sabotage.hides(api.api())) {
                continue;
            }
            keys.add(new ApiVersionsResponse.ApiVersion()
                    .setApiKey(api.api().id())
                    .setMinVersion(api.api() == ApiKey.PRODUCE ? 0 : api.lowestVersion())
                    .setMaxVersion(api.highestVersion()));
        }
        ApiVersionsResponse answer = new ApiVersionsResponse().setApiKeys(keys);
        if (version >= 3) {
            addFeatures(answer, version);
        }
        return answer;
    }

    /** A least level of 0, which says that the feature can be off, is not understood by clients below version 4. */
    private void addFeatures(ApiVersionsResponse answer, short version) {
        MetadataImage now = image.get();
        List<ApiVersionsResponse.SupportedFeatureKey> supported = new ArrayList<>();
        List<ApiVersionsResponse.FinalizedFeatureKey> finalised = new ArrayList<>();
        for (Feature feature : Feature.values()) {
            if (feature.lowest() > 0 || version >= FIRST_VERSION_WITH_LEVEL_ZERO) {
                supported.add(new ApiVersionsResponse.SupportedFeatureKey()
                        .setName(feature.featureName())
                        .setMinVersion(feature.lowest())
                        .setMaxVersion(feature.highest()));
            }
        }
        for (Map.Entry<String, Short> feature : now.features().entrySet()) {
            finalised.add(new ApiVersionsResponse.FinalizedFeatureKey()
                    .setName(feature.getKey())
                    .setMinVersionLevel(feature.getValue())
                    .setMaxVersionLevel(feature.getValue()));
        }
        answer.setSupportedFeatures(supported)
                .setFinalizedFeatures(finalised)
                .setFinalizedFeaturesEpoch(Math.max(0L, now.offset()));
    }
}
