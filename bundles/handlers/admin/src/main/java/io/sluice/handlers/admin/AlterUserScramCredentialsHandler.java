package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.AlterUserScramCredentialsRequest;
import io.sluice.protocol.message.AlterUserScramCredentialsResponse;
import io.sluice.protocol.message.AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.LinkedHashSet;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** AlterUserScramCredentials (API 51): sets and removes what users log in with by SCRAM (KIP-554). */
@Component(service = ApiHandler.class)
public final class AlterUserScramCredentialsHandler implements ApiHandler {
    private final Controller controller;

    @Activate
    public AlterUserScramCredentialsHandler(@Reference Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKey api() {
        return ApiKey.ALTER_USER_SCRAM_CREDENTIALS;
    }

    @Override
    public void handle(Request request) {
        AlterUserScramCredentialsRequest asked = request.read(new AlterUserScramCredentialsRequest());
        if (!request.mayDo(Operation.ALTER, Resource.CLUSTER)) {
            request.respond(refused(asked, Refusal.of(ErrorCode.CLUSTER_AUTHORIZATION_FAILED)));
            return;
        }
        LateAnswer.to(
                request,
                controller.alterUserScramCredentials(asked),
                (answer, failure) -> answer == null ? refused(asked, Refusal.of(failure)) : answer);
    }

    private static AlterUserScramCredentialsResponse refused(AlterUserScramCredentialsRequest asked, Refusal refusal) {
        Set<String> users = new LinkedHashSet<>();
        asked.deletions().forEach(deletion -> users.add(deletion.name()));
        asked.upsertions().forEach(upsertion -> users.add(upsertion.name()));
        AlterUserScramCredentialsResponse response = new AlterUserScramCredentialsResponse();
        users.forEach(user -> response.results()
                .add(new AlterUserScramCredentialsResult()
                        .setUser(user)
                        .setErrorCode(refusal.code())
                        .setErrorMessage(refusal.message())));
        return response;
    }
}
