package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.InitProducerIdRequest;
import io.sluice.protocol.message.InitProducerIdResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * InitProducerId (API 22): ids for idempotent producers (KIP-98).
 *
 * <p>There are no transactions yet. Whoever comes with a transactional id is refused with the one error after which every
 * client library gives up at once; as a rule FindCoordinator has told it before, with the reason.
 */
@Component(service = ApiHandler.class)
public final class InitProducerIdHandler implements ApiHandler {
    private final MetadataSource metadata;
    private final ProducerIds ids;

    @Activate
    public InitProducerIdHandler(
            @Reference Controller controller, @Reference MetadataSource metadata, @Reference Broker broker) {
        this.metadata = metadata;
        this.ids = new ProducerIds(controller, broker);
    }

    @Override
    public ApiKey api() {
        return ApiKey.INIT_PRODUCER_ID;
    }

    @Override
    public void handle(Request request) {
        InitProducerIdRequest asked = request.read(new InitProducerIdRequest());
        ErrorCode refusal = refusal(request, asked);
        if (refusal != ErrorCode.NONE) {
            request.respond(response(new ProducerIds.Grant(refusal, -1L)));
            return;
        }
        LateAnswer.to(
                request, ids.next(), (grant, failure) -> response(grant == null ? ProducerIds.Grant.NONE : grant));
    }

    private ErrorCode refusal(Request request, InitProducerIdRequest asked) {
        if (asked.transactionalId() != null) {
            boolean isEmpty = asked.transactionalId().isEmpty()
                    && request.mayDo(Operation.WRITE, Resource.transactionalId(asked.transactionalId()));
            return isEmpty ? ErrorCode.INVALID_REQUEST : ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        }
        if (!request.mayDo(Operation.IDEMPOTENT_WRITE, Resource.CLUSTER) && !mayWriteSomewhere(request)) {
            return ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
        }
        boolean oneOfTwo = (asked.producerId() == -1L) != (asked.producerEpoch() == -1);
        return oneOfTwo ? ErrorCode.INVALID_REQUEST : ErrorCode.NONE;
    }

    /** Since KIP-679 the right to write to any topic is enough. */
    private boolean mayWriteSomewhere(Request request) {
        for (TopicImage topic : metadata.image().topics()) {
            if (request.mayDo(Operation.WRITE, Resource.topic(topic.name()))) {
                return true;
            }
        }
        return false;
    }

    private static InitProducerIdResponse response(ProducerIds.Grant grant) {
        return new InitProducerIdResponse()
                .setErrorCode(grant.error().code())
                .setProducerId(grant.producerId())
                .setProducerEpoch((short) (grant.error() == ErrorCode.NONE ? 0 : -1));
    }
}
