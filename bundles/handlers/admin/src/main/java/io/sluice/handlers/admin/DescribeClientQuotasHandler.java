package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.QuotaEntity;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeClientQuotasRequest;
import io.sluice.protocol.message.DescribeClientQuotasResponse;
import io.sluice.protocol.message.DescribeClientQuotasResponse.EntityData;
import io.sluice.protocol.message.DescribeClientQuotasResponse.EntryData;
import io.sluice.protocol.message.DescribeClientQuotasResponse.ValueData;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** DescribeClientQuotas (API 48): the quotas of the entities that a filter lets through (KIP-546). */
@Component(service = ApiHandler.class)
public final class DescribeClientQuotasHandler implements ApiHandler {
    private final MetadataSource metadata;

    @Activate
    public DescribeClientQuotasHandler(@Reference MetadataSource metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKey api() {
        return ApiKey.DESCRIBE_CLIENT_QUOTAS;
    }

    @Override
    public void handle(Request request) {
        DescribeClientQuotasRequest asked = request.read(new DescribeClientQuotasRequest());
        Refusal refusal = request.mayDo(Operation.DESCRIBE_CONFIGS, Resource.CLUSTER)
                ? QuotaFilter.refusal(asked)
                : Refusal.of(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        request.respond(
                refusal == null
                        ? found(QuotaFilter.of(asked))
                        : new DescribeClientQuotasResponse()
                                .setErrorCode(refusal.code())
                                .setErrorMessage(refusal.message())
                                .setEntries(null));
    }

    private DescribeClientQuotasResponse found(QuotaFilter filter) {
        MetadataImage image = metadata.image();
        DescribeClientQuotasResponse response = new DescribeClientQuotasResponse().setErrorMessage(null);
        response.setEntries(image.quotaEntities().stream()
                .filter(filter::matches)
                .map(entity -> entry(image, entity))
                .toList());
        return response;
    }

    private static EntryData entry(MetadataImage image, QuotaEntity entity) {
        EntryData entry = new EntryData();
        entity.names().forEach((type, name) -> entry.entity()
                .add(new EntityData()
                        .setEntityType(type)
                        .setEntityName(name.equals(QuotaEntity.DEFAULT) ? null : name)));
        image.quotas(entity).forEach((key, value) -> entry.values()
                .add(new ValueData().setKey(key).setValue(value)));
        return entry;
    }
}
