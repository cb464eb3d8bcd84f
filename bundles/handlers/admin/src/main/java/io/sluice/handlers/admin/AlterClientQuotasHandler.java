package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.QuotaEntity;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.AlterClientQuotasRequest;
import io.sluice.protocol.message.AlterClientQuotasRequest.EntityData;
import io.sluice.protocol.message.AlterClientQuotasRequest.EntryData;
import io.sluice.protocol.message.AlterClientQuotasResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * AlterClientQuotas (API 49): sets and removes the quotas of users, client ids and addresses (KIP-546). Names of hosts are resolved
 * here, on a worker, because the controller must not wait for a name server.
 */
@Component(service = ApiHandler.class)
public final class AlterClientQuotasHandler implements ApiHandler {
    private final Controller controller;

    @Activate
    public AlterClientQuotasHandler(@Reference Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKey api() {
        return ApiKey.ALTER_CLIENT_QUOTAS;
    }

    @Override
    public void handle(Request request) {
        AlterClientQuotasRequest asked = request.read(new AlterClientQuotasRequest());
        List<@Nullable Refusal> refusals = new ArrayList<>();
        boolean allowed = request.mayDo(Operation.ALTER_CONFIGS, Resource.CLUSTER);
        AlterClientQuotasRequest forwarded = new AlterClientQuotasRequest().setValidateOnly(asked.validateOnly());
        for (EntryData entry : asked.entries()) {
            Refusal refusal = allowed ? addressRefusal(entry) : Refusal.of(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
            refusals.add(refusal);
            if (refusal == null) {
                forwarded.entries().add(entry);
            }
        }
        if (forwarded.entries().isEmpty()) {
            request.respond(merge(asked, refusals, new AlterClientQuotasResponse()));
            return;
        }
        LateAnswer.to(request, controller.alterClientQuotas(forwarded), (answer, failure) -> {
            AlterClientQuotasResponse results = answer;
            if (results == null) {
                results = new AlterClientQuotasResponse();
                for (EntryData entry : forwarded.entries()) {
                    results.entries().add(refused(entry, Refusal.of(failure)));
                }
            }
            return merge(asked, refusals, results);
        });
    }

    private static @Nullable Refusal addressRefusal(EntryData entry) {
        for (EntityData part : entry.entity()) {
            String name = part.entityName();
            if (part.entityType().equals(QuotaEntity.IP) && name != null && !isHost(name)) {
                return Refusal.invalid(name + " is not a valid IP or resolvable host.");
            }
        }
        return null;
    }

    private static boolean isHost(String name) {
        try {
            InetAddress.getByName(name);
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** In the order of the request, as the controller answers what reached it. */
    private static AlterClientQuotasResponse merge(
            AlterClientQuotasRequest asked, List<@Nullable Refusal> refusals, AlterClientQuotasResponse results) {
        ArrayDeque<AlterClientQuotasResponse.EntryData> rest = new ArrayDeque<>(results.entries());
        AlterClientQuotasResponse response = new AlterClientQuotasResponse();
        for (int i = 0; i < refusals.size(); i++) {
            Refusal refusal = refusals.get(i);
            EntryData entry = asked.entries().get(i);
            AlterClientQuotasResponse.EntryData result = refusal == null ? rest.poll() : refused(entry, refusal);
            response.entries().add(result == null ? refused(entry, Refusal.NO_RESULT) : result);
        }
        return response;
    }

    private static AlterClientQuotasResponse.EntryData refused(EntryData entry, Refusal refusal) {
        AlterClientQuotasResponse.EntryData result = new AlterClientQuotasResponse.EntryData()
                .setErrorCode(refusal.code())
                .setErrorMessage(refusal.message());
        entry.entity().forEach(part -> result.entity()
                .add(new AlterClientQuotasResponse.EntityData()
                        .setEntityType(part.entityType())
                        .setEntityName(part.entityName())));
        return result;
    }
}
