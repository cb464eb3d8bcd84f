package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.AdvertisedApi;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.ProducerIds;
import io.sluice.broker.api.ProducerTransactions;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.InitProducerIdRequest;
import io.sluice.protocol.message.InitProducerIdResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Awaited;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * InitProducerId (API 22): ids for idempotent producers (KIP-98), which need no coordinator; those with a transactional id are the transaction
 * coordinator's to answer.
 *
 * <p>While that one is being replaced they wait. Where none is installed they are refused with the one error after which every client library gives up at
 * once; as a rule FindCoordinator has told it before, with the reason.
 */
@Component(service = ApiHandler.class)
public final class InitProducerIdHandler implements ApiHandler {
    private static final long COORDINATOR_WAIT_MS = 5_000L;
    /** Before it clients do not know that they are fenced (KIP-588). */
    private static final short FIRST_VERSION_WITH_FENCED = 4;

    private final MetadataSource metadata;
    private final Broker broker;
    private final ProducerIds ids;
    private final Awaited<ProducerTransactions> transactions = new Awaited<>();

    @Activate
    public InitProducerIdHandler(
            @Reference Controller controller, @Reference MetadataSource metadata, @Reference Broker broker) {
        this.metadata = metadata;
        this.broker = broker;
        this.ids = new ProducerIds(controller, broker);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setTransactions(ProducerTransactions coordinator) {
        transactions.offer(coordinator);
    }

    void unsetTransactions(ProducerTransactions coordinator) {
        transactions.withdraw(coordinator);
    }

    @Override
    public ApiKey api() {
        return ApiKey.INIT_PRODUCER_ID;
    }

    @Override
    public void handle(Request request) {
        InitProducerIdRequest asked = request.read(new InitProducerIdRequest());
        if (asked.transactionalId() != null) {
            initTransactional(request, asked, asked.transactionalId());
            return;
        }
        ErrorCode refusal = refusal(request, asked);
        if (refusal != ErrorCode.NONE) {
            request.respond(refused(refusal));
            return;
        }
        LateAnswer.to(
                request, ids.next(), (grant, failure) -> response(grant == null ? ProducerIds.Grant.NONE : grant));
    }

    private void initTransactional(Request request, InitProducerIdRequest asked, String transactionalId) {
        if (!request.mayDo(Operation.WRITE, Resource.transactionalId(transactionalId))) {
            request.respond(refused(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
            return;
        }
        if (transactionalId.isEmpty()) {
            request.respond(refused(ErrorCode.INVALID_REQUEST));
            return;
        }
        ProducerTransactions coordinator = transactions.get();
        if (coordinator != null) {
            short version = request.version();
            LateAnswer.to(
                    request,
                    coordinator.init(asked),
                    (response, failure) ->
                            response == null ? refused(ErrorCode.COORDINATOR_NOT_AVAILABLE) : known(response, version));
        } else if (isCoordinatorInstalled()) {
            transactions.hold(request, COORDINATOR_WAIT_MS);
        } else {
            request.respond(refused(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
        }
    }

    @Override
    public void resume(Request request, Object continuation, boolean timedOut) {
        transactions.ended((Awaited.Waiting) continuation);
        if (timedOut) {
            request.respond(refused(ErrorCode.COORDINATOR_NOT_AVAILABLE));
        } else {
            handle(request);
        }
    }

    private boolean isCoordinatorInstalled() {
        for (AdvertisedApi advertised : broker.advertisedApis()) {
            if (advertised.api() == ApiKey.END_TXN) {
                return true;
            }
        }
        return false;
    }

    private static InitProducerIdResponse known(InitProducerIdResponse response, short version) {
        boolean unknown =
                version < FIRST_VERSION_WITH_FENCED && response.errorCode() == ErrorCode.PRODUCER_FENCED.code();
        return unknown ? response.setErrorCode(ErrorCode.INVALID_PRODUCER_EPOCH.code()) : response;
    }

    private ErrorCode refusal(Request request, InitProducerIdRequest asked) {
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

    private static InitProducerIdResponse refused(ErrorCode error) {
        return response(new ProducerIds.Grant(error, -1L));
    }

    private static InitProducerIdResponse response(ProducerIds.Grant grant) {
        return new InitProducerIdResponse()
                .setErrorCode(grant.error().code())
                .setProducerId(grant.producerId())
                .setProducerEpoch((short) (grant.error() == ErrorCode.NONE ? 0 : -1));
    }
}
