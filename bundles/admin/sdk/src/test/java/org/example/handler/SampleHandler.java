package org.example.handler;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeClientQuotasRequest;
import io.sluice.protocol.message.DescribeClientQuotasResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * DescribeClientQuotas (API 48): there are none, so that tools which ask for them go on. Once it is installed the API is advertised;
 * removed, it is withdrawn. Change {@link #api} for another one.
 */
@Component(service = ApiHandler.class)
public final class SampleHandler implements ApiHandler {
    @Override
    public ApiKey api() {
        return ApiKey.DESCRIBE_CLIENT_QUOTAS;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD; // it never blocks
    }

    @Override
    public void handle(Request request) {
        request.read(new DescribeClientQuotasRequest()); // one that does not decode is refused by the kernel
        DescribeClientQuotasResponse response = new DescribeClientQuotasResponse();
        if (request.mayDo(Operation.DESCRIBE_CONFIGS, Resource.CLUSTER)) {
            response.setErrorMessage(null).setEntries(List.of());
        } else {
            response.setErrorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code())
                    .setErrorMessage("quotas are not for everybody to see")
                    .setEntries(null);
        }
        request.respond(response);
    }
}
